#include "services/registry/document/docx_text.h"

#include <algorithm>
#include <map>
#include <pugixml.hpp>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "libs/base/status_macros.h"
#include "services/registry/document/errors.h"
#include "services/registry/document/numbering.h"
#include "services/registry/document/zip_entries.h"

namespace dondoc::registry {
namespace {

constexpr char kDocument[] = "word/document.xml";
constexpr char kNumbering[] = "word/numbering.xml";
// A merged cell says how many columns it covers; no table of a plan has more.
constexpr int kSpanMax = 64;
constexpr size_t kLayoutColumnsMax = 2;

absl::string_view NameOf(const pugi::xml_node& node) { return node.name(); }

// Elements that only wrap others: content controls, inserted text, links.
bool IsWrapper(const pugi::xml_node& node) {
  const absl::string_view name = NameOf(node);
  return name == "w:sdt" || name == "w:sdtContent" || name == "w:ins" || name == "w:customXml" ||
         name == "w:smartTag" || name == "w:hyperlink";
}

// The children named `name`, also those in wrappers.
void Collect(const pugi::xml_node& parent, absl::string_view name, int depth,
             std::vector<pugi::xml_node>& found) {
  if (depth > kDocxNestingMax) return;
  for (const pugi::xml_node child : parent.children()) {
    if (NameOf(child) == name) found.push_back(child);
    if (IsWrapper(child)) Collect(child, name, depth + 1, found);
  }
}

std::vector<pugi::xml_node> ChildrenOf(const pugi::xml_node& parent, absl::string_view name) {
  std::vector<pugi::xml_node> found;
  Collect(parent, name, 0, found);
  return found;
}

int SpanOf(const pugi::xml_node& node) {
  return std::clamp(node.attribute("w:val").as_int(1), 0, kSpanMax);
}

// Walks through the body of a document and writes its lines.
class DocxReader {
 public:
  explicit DocxReader(Numbering numbering) : numbering_(std::move(numbering)) {}

  absl::StatusOr<std::string> Read(const pugi::xml_node& body) {
    ReadBlocks(body, 0);
    if (too_deep_) return error::NotADocx("its tables are nested too deeply");
    return std::move(text_);
  }

 private:
  bool MayEnter(int depth) {
    too_deep_ = too_deep_ || depth > kDocxNestingMax;
    return !too_deep_;
  }

  void WriteLine(absl::string_view line) { absl::StrAppend(&text_, line, "\n"); }

  // Paragraphs and tables.
  void ReadBlocks(const pugi::xml_node& parent, int depth) {
    if (!MayEnter(depth)) return;
    for (const pugi::xml_node block : parent.children()) {
      if (NameOf(block) == "w:p") {
        for (const absl::string_view line : absl::StrSplit(Paragraph(block), '\n')) WriteLine(line);
      } else if (NameOf(block) == "w:tbl") {
        ReadTable(block, depth + 1);
      } else if (IsWrapper(block)) {
        ReadBlocks(block, depth + 1);
      }
    }
  }

  void ReadTable(const pugi::xml_node& table, int depth) {
    const std::vector<pugi::xml_node> rows = ChildrenOf(table, "w:tr");
    size_t columns = 0;
    for (const pugi::xml_node& row : rows) {
      columns = std::max(columns, ChildrenOf(row, "w:tc").size());
    }
    for (const pugi::xml_node& row : rows) {
      if (columns > kLayoutColumnsMax) {
        WriteLine(absl::StrJoin(CellsOf(row, depth), "\t"));
        continue;
      }
      for (const pugi::xml_node& cell : ChildrenOf(row, "w:tc")) ReadBlocks(cell, depth + 1);
    }
  }

  std::vector<std::string> CellsOf(const pugi::xml_node& row, int depth) {
    std::vector<std::string> cells;
    if (const pugi::xml_node before = row.child("w:trPr").child("w:gridBefore")) {
      cells.resize(static_cast<size_t>(SpanOf(before)));
    }
    for (const pugi::xml_node& cell : ChildrenOf(row, "w:tc")) {
      const pugi::xml_node properties = cell.child("w:tcPr");
      const pugi::xml_node merge = properties.child("w:vMerge");
      const bool goes_on =
          merge && absl::string_view(merge.attribute("w:val").value()) != "restart";
      cells.push_back(goes_on ? "" : CellText(cell, depth + 1));
      const pugi::xml_node span = properties.child("w:gridSpan");
      for (int i = 1; span && i < SpanOf(span); ++i) cells.emplace_back();
    }
    return cells;
  }

  // All paragraphs of a cell, those of tables in it too, on one line.
  std::string CellText(const pugi::xml_node& cell, int depth) {
    std::vector<std::string> parts;
    CollectParagraphs(cell, depth, parts);
    std::string text = absl::StrJoin(parts, " ");
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
    absl::RemoveExtraAsciiWhitespace(&text);
    return text;
  }

  void CollectParagraphs(const pugi::xml_node& parent, int depth, std::vector<std::string>& parts) {
    if (!MayEnter(depth)) return;
    for (const pugi::xml_node child : parent.children()) {
      if (NameOf(child) == "w:p") {
        parts.push_back(Paragraph(child));
      } else if (NameOf(child) == "w:tbl" || NameOf(child) == "w:tr" || NameOf(child) == "w:tc" ||
                 IsWrapper(child)) {
        CollectParagraphs(child, depth + 1, parts);
      }
    }
  }

  std::string Paragraph(const pugi::xml_node& paragraph) {
    const pugi::xml_node list = paragraph.child("w:pPr").child("w:numPr");
    std::string text = numbering_.NextLabel(list.child("w:numId").attribute("w:val").value(),
                                            list.child("w:ilvl").attribute("w:val").as_int(0));
    ReadRuns(paragraph, 0, text);
    return text;
  }

  void ReadRuns(const pugi::xml_node& parent, int depth, std::string& text) {
    if (!MayEnter(depth)) return;
    for (const pugi::xml_node child : parent.children()) {
      const absl::string_view name = NameOf(child);
      if (name == "w:t") {
        text += child.text().get();
      } else if (name == "w:tab") {
        text += " ";
      } else if (name == "w:br" || name == "w:cr") {
        text += "\n";
      } else if (name == "w:noBreakHyphen") {
        text += "-";
      } else if (name == "w:r" || IsWrapper(child)) {
        ReadRuns(child, depth + 1, text);
      }
    }
  }

  Numbering numbering_;
  std::string text_;
  bool too_deep_ = false;
};

absl::StatusOr<pugi::xml_document> Parsed(const std::string& xml) {
  pugi::xml_document document;
  // White space between two runs is a word space; pugixml drops it unless told so.
  const pugi::xml_parse_result result =
      document.load_buffer(xml.data(), xml.size(), pugi::parse_default | pugi::parse_ws_pcdata);
  if (!result) return error::NotADocx(result.description());
  return document;
}

}  // namespace

bool LooksLikeDocx(absl::string_view bytes) {
  return absl::StartsWith(bytes, absl::string_view("PK\x03\x04", 4));
}

absl::StatusOr<std::string> TextOfDocx(absl::string_view bytes) {
  if (!LooksLikeDocx(bytes)) return error::NotADocx("it is no zip archive");
  using Entries = std::map<std::string, std::string>;
  ASSIGN_OR_RETURN(const Entries entries, UnpackEntries(bytes, {kDocument, kNumbering}));
  const auto document = entries.find(kDocument);
  if (document == entries.end()) return error::NotADocx("it holds no word/document.xml");
  ASSIGN_OR_RETURN(const pugi::xml_document xml, Parsed(document->second));
  const pugi::xml_node body = xml.child("w:document").child("w:body");
  if (!body) return error::NotADocx("it has no body");
  Numbering numbering;
  if (const auto lists = entries.find(kNumbering); lists != entries.end()) {
    ASSIGN_OR_RETURN(const pugi::xml_document lists_xml, Parsed(lists->second));
    numbering = Numbering(lists_xml.child("w:numbering"));
  }
  return DocxReader(std::move(numbering)).Read(body);
}

}  // namespace dondoc::registry
