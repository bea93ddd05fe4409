#include "services/registry/document/docx_fixture.h"

#include <archive.h>
#include <archive_entry.h>

#include <memory>
#include <stdexcept>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace dondoc::registry {
namespace {

constexpr char kContentTypes[] =
    R"(<?xml version="1.0" encoding="UTF-8"?>)"
    R"(<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">)"
    R"(<Default Extension="xml" ContentType="application/xml"/>)"
    R"(<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-)"
    R"(officedocument.wordprocessingml.document.main+xml"/></Types>)";

std::string Escaped(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}});
}

// "**86%**" becomes a bold run; a single asterisk is a trace of a conversion and goes.
std::string RunsOf(absl::string_view text) {
  std::string runs;
  bool is_bold = false;
  for (const absl::string_view piece : absl::StrSplit(text, "**")) {
    const std::string plain = absl::StrReplaceAll(piece, {{"*", ""}});
    if (!plain.empty()) {
      absl::StrAppend(&runs, "<w:r>", is_bold ? "<w:rPr><w:b/></w:rPr>" : "",
                      R"(<w:t xml:space="preserve">)", Escaped(plain), "</w:t></w:r>");
    }
    is_bold = !is_bold;
  }
  return runs;
}

std::string ParagraphOf(absl::string_view text) {
  return absl::StrCat("<w:p>", RunsOf(text), "</w:p>");
}

std::string CellOf(absl::string_view text, int span) {
  const std::string properties =
      span > 1 ? absl::StrCat(R"(<w:tcPr><w:gridSpan w:val=")", span, R"("/></w:tcPr>)") : "";
  return absl::StrCat("<w:tc>", properties, ParagraphOf(text), "</w:tc>");
}

// Empty cells at the end are merged into the last one that is not, as in a section's row.
std::string RowOf(absl::string_view line) {
  const std::vector<std::string> cells = absl::StrSplit(line, '\t');
  size_t last = cells.size();
  while (last > 1 && cells[last - 1].empty()) --last;
  const bool is_merged = last <= 2 && !cells[0].empty();
  std::string row;
  for (size_t i = 0; i < cells.size(); ++i) {
    const bool takes_the_rest = is_merged && i + 1 == last;
    absl::StrAppend(&row,
                    CellOf(cells[i], takes_the_rest ? static_cast<int>(cells.size() - i) : 1));
    if (takes_the_rest) break;
  }
  return absl::StrCat("<w:tr>", row, "</w:tr>");
}

std::string TableOf(const std::vector<std::string>& rows) {
  std::string table = "<w:tbl>";
  for (const std::string& row : rows) absl::StrAppend(&table, row);
  return table + "</w:tbl>";
}

}  // namespace

std::string ZipOf(const std::map<std::string, std::string>& entries) {
  const std::unique_ptr<archive, decltype(&archive_write_free)> zip(archive_write_new(),
                                                                    archive_write_free);
  // What cannot be compressed grows a little, and each entry has two heads.
  size_t room = 4'096;
  for (const auto& [name, data] : entries) room += data.size() + data.size() / 8 + 1'024;
  std::string bytes(room, '\0');
  size_t used = 0;
  archive_write_set_format_zip(zip.get());
  if (archive_write_open_memory(zip.get(), bytes.data(), bytes.size(), &used) != ARCHIVE_OK) {
    throw std::runtime_error("cannot write an archive");
  }
  for (const auto& [name, data] : entries) {
    const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(),
                                                                              archive_entry_free);
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(data.size()));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0644);
    archive_write_header(zip.get(), entry.get());
    archive_write_data(zip.get(), data.data(), data.size());
  }
  archive_write_close(zip.get());
  bytes.resize(used);
  return bytes;
}

std::string DocxOfBody(absl::string_view body) {
  return ZipOf({{"[Content_Types].xml", kContentTypes},
                {"word/document.xml",
                 absl::StrCat(R"(<?xml version="1.0" encoding="UTF-8"?><w:document )",
                              R"(xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/)",
                              R"(2006/main"><w:body>)", body, "</w:body></w:document>")}});
}

std::string DocxOfPlan(absl::string_view text) {
  std::string body;
  std::string letterhead;
  std::vector<std::string> rows;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    if (absl::StrContains(line, "\t")) {
      rows.push_back(RowOf(line));
    } else if (absl::StartsWith(line, "Số: ")) {
      letterhead = CellOf(line, 1);
    } else if (!letterhead.empty() && absl::StrContains(line, ", ngày ")) {
      absl::StrAppend(&body,
                      TableOf({absl::StrCat("<w:tr>", letterhead, CellOf(line, 1), "</w:tr>")}));
      letterhead.clear();
    } else if (rows.empty()) {
      absl::StrAppend(&body, ParagraphOf(line));
    }
  }
  return DocxOfBody(absl::StrCat(body, TableOf(rows)));
}

}  // namespace dondoc::registry
