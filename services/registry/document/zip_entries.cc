#include "services/registry/document/zip_entries.h"

#include <archive.h>
#include <archive_entry.h>

#include <memory>

#include "libs/base/status_macros.h"
#include "services/registry/document/errors.h"

namespace dondoc::registry {
namespace {

using Archive = std::unique_ptr<archive, decltype(&archive_read_free)>;

absl::Status Damaged(archive* zip) {
  const char* why = archive_error_string(zip);
  return error::NotADocx(why == nullptr ? "the archive is damaged" : why);
}

// Reads the data of the current entry; `unpacked` counts the bytes of all entries.
absl::StatusOr<std::string> Unpack(archive* zip, size_t& unpacked) {
  std::string data;
  char block[64 * 1024];
  while (true) {
    const la_ssize_t size = archive_read_data(zip, block, sizeof(block));
    if (size < 0) return Damaged(zip);
    if (size == 0) return data;
    unpacked += static_cast<size_t>(size);
    if (unpacked > kUnpackedBytesMax) {
      return error::DocxTooLarge("unpacked bytes", kUnpackedBytesMax);
    }
    data.append(block, static_cast<size_t>(size));
  }
}

}  // namespace

absl::StatusOr<std::map<std::string, std::string>> UnpackEntries(
    absl::string_view zip, const std::set<std::string>& names) {
  const Archive reader(archive_read_new(), archive_read_free);
  // Only zip: libarchive would otherwise accept tar, ISO images and more.
  const bool is_open = archive_read_support_format_zip(reader.get()) == ARCHIVE_OK &&
                       archive_read_open_memory(reader.get(), zip.data(), zip.size()) == ARCHIVE_OK;
  if (!is_open) return Damaged(reader.get());

  std::map<std::string, std::string> entries;
  size_t unpacked = 0;
  for (size_t count = 1;; ++count) {
    archive_entry* entry = nullptr;
    const int result = archive_read_next_header(reader.get(), &entry);
    if (result == ARCHIVE_EOF) return entries;
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN) return Damaged(reader.get());
    if (count > kZipEntriesMax) return error::DocxTooLarge("entries", kZipEntriesMax);
    const char* name = archive_entry_pathname(entry);
    if (name == nullptr || !names.contains(name)) continue;
    // A second entry of one name is how two readers are made to see two documents.
    if (entries.contains(name)) return error::NotADocx("an entry stands twice in the archive");
    ASSIGN_OR_RETURN(entries[name], Unpack(reader.get(), unpacked));
  }
}

}  // namespace dondoc::registry
