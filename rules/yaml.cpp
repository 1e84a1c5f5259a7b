#include "rules/yaml.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

namespace gyr::rules {

namespace {

/// Thrown through yaml-cpp, which has no other way to stop.
struct Refusal {
  std::string message;
  size_t at;
};

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view source, uint32_t file) : source_(source), file_(file) {}

  YamlPtr take() { return std::move(root_); }
  /// Where the document begins.
  uint32_t start() const { return start_; }

  void OnDocumentStart(const YAML::Mark& mark) override { start_ = place(mark).at; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    auto node = make(YamlNode::Kind::null, mark);
    // Its mark is that of what follows.
    if (!open_.empty() && open_.back().key != nullptr) node->place = open_.back().key->place;
    add(std::move(node), anchor);
  }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                const std::string& value) override {
    auto node = make(YamlNode::Kind::scalar, mark);
    node->text = trace_scalar(source_, file_, node->place.at, value);
    add(std::move(node), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end())
      throw Refusal{"an alias cannot name what it stands in", place(mark).at};
    add(found->second, 0);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open_.push_back({make(YamlNode::Kind::sequence, mark), anchor, nullptr});
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open_.push_back({make(YamlNode::Kind::mapping, mark), anchor, nullptr});
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    std::shared_ptr<YamlNode> node;
    YAML::anchor_t anchor;
    YamlPtr key;  // of the value that comes next
  };

  Place place(const YAML::Mark& mark) const {
    const auto at = static_cast<size_t>(std::max(mark.pos, 0));
    return {file_, static_cast<uint32_t>(std::min(at, source_.size()))};
  }
  std::shared_ptr<YamlNode> make(YamlNode::Kind kind, const YAML::Mark& mark) const {
    auto node = std::make_shared<YamlNode>();
    node->kind = kind;
    node->place = place(mark);
    node->text.set_begin(node->place);
    return node;
  }
  void add(YamlPtr node, YAML::anchor_t anchor) {
    if (anchor != 0) anchors_[anchor] = node;
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& around = open_.back();
    if (around.node->kind == YamlNode::Kind::sequence) {
      around.node->items.push_back(std::move(node));
    } else if (around.key == nullptr) {
      around.key = std::move(node);
    } else {
      around.node->entries.emplace_back(std::move(around.key), std::move(node));
      around.key = nullptr;
    }
  }
  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    add(std::move(done.node), done.anchor);
  }

  std::string_view source_;
  uint32_t file_;
  uint32_t start_ = 0;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, YamlPtr> anchors_;
  YamlPtr root_;
};

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  for (const auto& [name, value] : entries)
    if (name->kind == Kind::scalar && name->text.text() == key) return value.get();
  return nullptr;
}

std::string_view kind_name(YamlNode::Kind kind) {
  switch (kind) {
    case YamlNode::Kind::null:
      return "nothing";
    case YamlNode::Kind::scalar:
      return "a text";
    case YamlNode::Kind::sequence:
      return "a list";
    case YamlNode::Kind::mapping:
      return "a mapping";
  }
  return "nothing";
}

Result<std::vector<YamlPtr>> parse_yaml(std::string_view text, uint32_t file) {
  std::vector<YamlPtr> documents;
  try {
    std::istringstream in{std::string(text)};
    YAML::Parser parser(in);
    std::optional<uint32_t> before;
    for (;;) {
      TreeBuilder builder(text, file);
      if (!parser.HandleNextDocument(builder)) break;
      // A stray comma is no document, but the parser does not pass it either.
      if (builder.start() == before) throw Refusal{"this is not YAML: it has no value", *before};
      before = builder.start();
      YamlPtr root = builder.take();
      if (root != nullptr && root->kind != YamlNode::Kind::null)
        documents.push_back(std::move(root));
    }
  } catch (const Refusal& refusal) {
    return fail(Error{refusal.message, refusal.at});
  } catch (const YAML::Exception& wrong) {
    const auto at = static_cast<size_t>(std::max(wrong.mark.pos, 0));
    return fail(Error{"this is not YAML: " + wrong.msg, std::min(at, text.size())});
  }
  return documents;
}

}  // namespace gyr::rules
