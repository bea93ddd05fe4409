#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/registry/domain/plan/words.h"

namespace dondoc::registry::plan {

// What the short forms of a document stand for, learnt from the document itself: "VBQPPL" is spelt
// out wherever six words in a row begin with v, b, q, p, p, l. Nothing is known beforehand.
class Abbreviations {
 public:
  Abbreviations() = default;
  // `text` is the whole document.
  explicit Abbreviations(absl::string_view text);

  // The words that a short form stands for, as the document spells them; null when it never does.
  const std::string* Find(const std::string& key) const;

  // Short forms of five letters or more that are never spelt out, with how often they stand there.
  const std::map<std::string, int>& unknown() const { return unknown_; }

 private:
  std::map<std::string, std::string> spelt_out_;  // by ComparisonKey
  std::map<std::string, int> unknown_;            // as written
};

// A text reduced to what it speaks about: pairs of neighbouring words ("hài lòng", "một cửa"),
// since most Vietnamese words are written as two. Marks, figures with a sign, and words without a
// meaning of their own ("của", "được") stand between pairs; short forms are spelt out; the name,
// date and issuer of a cited document count as one word, its symbol; the two names of the place
// where procedures are handled are left out, because they say where and not what.
class KeyWords {
 public:
  KeyWords() = default;
  KeyWords(absl::string_view text, const Abbreviations& abbreviations);

  const std::set<std::string>& pairs() const { return pairs_; }

  // The pairs of this text that `shared` has, neighbours joined again: "mức độ hài lòng".
  std::vector<std::string> Phrases(const std::set<std::string>& shared) const;

 private:
  struct Meaning {
    std::string key;
    std::string shown;  // in small letters, as the document spells it
  };

  void EndRun();

  std::vector<std::vector<Meaning>> runs_;  // words between two borders
  std::set<std::string> pairs_;
};

// The pairs that both have.
std::set<std::string> SharedPairs(const KeyWords& a, const KeyWords& b);

// True when two texts name the same indicator: four fifths of all their pairs are shared.
bool SameIndicator(const KeyWords& a, const KeyWords& b);

// The two names by which plans call the place where procedures are handled.
const std::vector<Phrase>& OneStopDeskNames();          // "Bộ phận Một cửa"
const std::vector<Phrase>& PublicServiceCentreNames();  // "Trung tâm Phục vụ hành chính công"

}  // namespace dondoc::registry::plan
