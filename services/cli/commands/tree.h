#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "libs/base/refusal.h"
#include "services/cli/commands/session.h"
#include "services/cli/input/values.h"

namespace dondoc::cli {

// What a command does once the whole command line has been read.
using Action = std::function<absl::Status(Session&)>;

// The tree of commands while it is being made, and afterwards the one that was chosen. Commands
// never run while the line is parsed: a typing error later in the line stops them all.
class Tree {
 public:
  // Borrows the root.
  explicit Tree(CLI::App& root) : root_(root) {}

  CLI::App& root() { return root_; }

  // "dondoc task": a word under which verbs stand.
  CLI::App& Noun(const std::string& name, const Sentence& help) {
    CLI::App* noun = root_.add_subcommand(name, Help(help.vi, help.en));
    // One verb at most; so an argument that happens to be the name of a command stays an argument.
    noun->require_subcommand(0, 1);
    return *noun;
  }

  // "dondoc task list": `declare` binds the options to their variables, `run` is called with them.
  template <typename Options>
  CLI::App& Verb(CLI::App& noun, const std::string& name, const Sentence& help,
                 void (*declare)(CLI::App&, Options&),
                 absl::Status (*run)(Session&, const Options&)) {
    CLI::App* verb = noun.add_subcommand(name, Help(help.vi, help.en));
    const auto options = std::make_shared<Options>();
    declare(*verb, *options);
    verb->callback([this, options, run] {
      chosen_ = [options, run](Session& session) { return run(session, *options); };
    });
    return *verb;
  }

  // Empty when the line named no command.
  const Action& chosen() const { return chosen_; }

 private:
  CLI::App& root_;
  Action chosen_;
};

// Options that many commands share.
void AddPlanArgument(CLI::App& verb, std::string& plan);
void AddEtag(CLI::App& verb, std::string& etag);

// A line below the help of a command that shows how it is used.
void AddExample(CLI::App& verb, const std::string& line);

}  // namespace dondoc::cli
