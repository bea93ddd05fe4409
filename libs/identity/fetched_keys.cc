#include "libs/identity/fetched_keys.h"

#include <curl/curl.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/log/log.h"

namespace dondoc::identity {
namespace {

constexpr absl::string_view kFile = "file:";
constexpr long kFetchSecondsMax = 10;
// How often the refresher looks whether something is due.
constexpr auto kLookEvery = std::chrono::seconds(1);

absl::StatusOr<std::string> ReadKeyFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat("cannot open ", path));
  std::string text(KeySet::kBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  return text;
}

// Ends the transfer when more comes than a key set may have.
size_t Append(char* bytes, size_t size, size_t count, void* to) {
  auto& text = *static_cast<std::string*>(to);
  if (text.size() + size * count > KeySet::kBytesMax) return 0;
  text.append(bytes, size * count);
  return size * count;
}

absl::StatusOr<std::string> ReadByHttps(const std::string& url, const std::string& ca_file) {
  const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
  if (curl == nullptr) return absl::InternalError("libcurl cannot start");
  std::string text;
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt(curl.get(), CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, kFetchSecondsMax);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, Append);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &text);
  if (!ca_file.empty()) curl_easy_setopt(curl.get(), CURLOPT_CAINFO, ca_file.c_str());
  const CURLcode code = curl_easy_perform(curl.get());
  if (code != CURLE_OK) return absl::UnavailableError(curl_easy_strerror(code));
  long answer = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer);
  if (answer != 200) return absl::UnavailableError(absl::StrCat("answered ", answer));
  return text;
}

}  // namespace

Fetch FetchByCurl(std::string ca_file) {
  return [ca_file = std::move(ca_file)](const std::string& location) {
    if (absl::StartsWith(location, kFile)) return ReadKeyFile(location.substr(kFile.size()));
    return ReadByHttps(location, ca_file);
  };
}

FetchedKeys::FetchedKeys(std::string location, Fetch fetch, const Clock& clock)
    : location_(std::move(location)), fetch_(std::move(fetch)), clock_(clock) {}

std::optional<PublicKey> FetchedKeys::Find(absl::string_view id) {
  const std::lock_guard lock(mutex_);
  if (clock_.Now() - fetched_ >= kUsable) return std::nullopt;
  const PublicKey* key = keys_.Find(id);
  if (key == nullptr) {
    unknown_asked_ = true;
    return std::nullopt;
  }
  return *key;
}

bool FetchedKeys::FetchIsDue() const {
  const std::lock_guard lock(mutex_);
  const absl::Time now = clock_.Now();
  if (now - attempted_ < kBetweenFetches) return false;
  return unknown_asked_ || now - fetched_ >= kFresh;
}

void FetchedKeys::FetchNow() {
  {
    const std::lock_guard lock(mutex_);
    attempted_ = clock_.Now();
    unknown_asked_ = false;
  }
  const absl::StatusOr<std::string> text = fetch_(location_);
  auto keys = text.ok() ? KeySet::Parse(*text) : std::nullopt;
  if (!keys) {
    log::Warning("keys.not_fetched",
                 {{"location", location_},
                  {"cause", text.ok() ? "no usable key set" : text.status().ToString()}});
    return;
  }
  log::Info("keys.fetched", {{"location", location_}, {"keys", keys->size()}});
  const std::lock_guard lock(mutex_);
  keys_ = *std::move(keys);
  fetched_ = clock_.Now();
}

KeyRefresher::KeyRefresher(FetchedKeys& keys) : keys_(keys), thread_([this] { Run(); }) {}

KeyRefresher::~KeyRefresher() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void KeyRefresher::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    if (keys_.FetchIsDue()) keys_.FetchNow();
    lock.lock();
    changed_.wait_for(lock, kLookEvery, [this] { return stopping_; });
  }
}

}  // namespace dondoc::identity
