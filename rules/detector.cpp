#include "rules/detector.hpp"

#include <algorithm>

#include "filter/fields/threads.hpp"

namespace gyr::rules {

namespace {

/// Deeper than any ancestry that says something; a damaged trace may have loops.
constexpr size_t max_ancestors = 16;

std::string command_line(const Thread& thread) {
  Text line;
  line.append(thread.exe.view());
  if (!thread.args.view().empty()) line.append(' ');
  filter::append_words(line, thread.args.view());
  return std::string(line.view());
}

}  // namespace

AlertParts& AlertParts::operator|=(const AlertParts& other) {
  text |= other.text;
  json |= other.json;
  message |= other.message;
  ancestry |= other.ancestry;
  explanation |= other.explanation;
  details = std::max(details, other.details);
  return *this;
}

Detector::Detector(RuleProgram compiled, bool first_only, AlertParts parts, const AlertStyle& style,
                   SharedProfile* profile)
    : engine_(std::move(compiled), first_only),
      parts_(parts),
      writer_(engine_.rules(), style),
      shared_profile_(profile),
      needs_enter_(engine_.needs_enter() || writer_.needs_enter()),
      seen_(engine_.rules().size()) {
  if (profile != nullptr) profile_ = engine_.profile();
}

Detector::~Detector() {
  if (shared_profile_ != nullptr) shared_profile_->add(profile_);
}

void Detector::begin(std::string_view trace) {
  alert_.trace = trace;
  std::ranges::fill(seen_, 0);
}

const Alert& Detector::alert(const CompiledRule& rule, const filter::Moment& moment) {
  alert_.rule = static_cast<uint32_t>(&rule - engine_.rules().data());
  alert_.ts = moment.event.raw().ts;
  alert_.num = moment.event.num();
  alert_.text.clear();
  alert_.json.clear();
  alert_.message.clear();
  alert_.ancestry.clear();
  alert_.explanation.parts.clear();
  if (seen_[alert_.rule]++ < parts_.details) fill(rule, moment);
  return alert_;
}

void Detector::fill(const CompiledRule& rule, const filter::Moment& moment) {
  const auto written = [&](auto append) {
    scratch_.clear();
    (writer_.*append)(scratch_, rule, moment);
    return scratch_.view();
  };
  if (parts_.text) alert_.text = written(&AlertWriter::append_text);
  if (parts_.json) alert_.json = written(&AlertWriter::append_json);
  if (parts_.message) alert_.message = written(&AlertWriter::append_message);
  if (parts_.explanation) alert_.explanation = explainer_.explain(rule, moment);
  if (parts_.ancestry) trace_ancestry(moment);
}

void Detector::trace_ancestry(const filter::Moment& moment) {
  const Thread* thread = moment.event.thread();
  while (thread != nullptr && alert_.ancestry.size() < max_ancestors) {
    alert_.ancestry.push_back({thread->pid, std::string(thread->comm), command_line(*thread)});
    const Thread* parent = moment.state.threads.find(thread->ptid);
    thread = parent == thread ? nullptr : parent;
  }
}

}  // namespace gyr::rules
