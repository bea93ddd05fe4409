#pragma once

#include <map>
#include <string>
#include <vector>

namespace dondoc::testing {

// Where the programs of one installation listen, keep their files, and take the time from.
struct Places {
  std::string folder;
  // Of 127.0.0.1, by name: "nats", "redis", "smtp" and the four services.
  std::map<std::string, int> ports = {};
  // The setting `clock`.
  std::string clock = "system";
  // Where a service keeps its database file, when not in `folder`.
  std::map<std::string, std::string> databases = {};
  // The database of a service on a server.
  std::map<std::string, std::string> urls = {};

  std::string File(const std::string& name) const { return folder + "/" + name; }
  std::string DatabaseOf(const std::string& service) const {
    const auto found = databases.find(service);
    return found == databases.end() ? File(service + ".db") : found->second;
  }
};

// The service that a program is: of "registry-2", a second replica, "registry".
std::string ServiceOf(const std::string& program);

// "registry", "kpi", "inspection", "notification".
const std::vector<std::string>& ServiceNames();
// These and what they need, in an order in which they may be started: "nats", "redis", "smtp", ….
// With two replicas each service is followed by its second, "registry-2".
std::vector<std::string> ProgramNames(int replicas = 1);

// Free ports for all of them, and files in `folder`.
Places PlacesIn(const std::string& folder, int replicas = 1);

// The command line of one program, as an operator would write it.
std::vector<std::string> CommandOf(const std::string& program, const Places& places);

// The path of a file of the repository; what a file holds.
std::string InRepository(const std::string& path);
std::string ContentsOf(const std::string& path);

}  // namespace dondoc::testing
