#include "rules/testing/case_trace.hpp"

#include <fmt/format.h>

#include "capture/event_options.hpp"
#include "capture/file/blocks.hpp"
#include "capture/file/event_block.hpp"
#include "capture/file/event_builder.hpp"
#include "capture/file/snapshot_writer.hpp"
#include "capture/record_tee.hpp"
#include "decoder/decoder.hpp"
#include "decoder/import.hpp"
#include "filter/wording.hpp"
#include "rules/testing/defaults.hpp"
#include "rules/testing/numbers.hpp"
#include "rules/testing/state_items.hpp"

namespace gyr::rules {

namespace {

using Kind = YamlNode::Kind;

constexpr uint64_t first_ts = 1'700'000'000'000'000'000;
constexpr uint64_t step = 1'000'000;
constexpr size_t most_errors = 100;
constexpr std::string_view wait_key = "wait";

class CaseWriter {
 public:
  explicit CaseWriter(Findings& findings) : encoder_(state_, findings), findings_(findings) {}

  void state(const std::vector<NamedItem>& items);
  void event(const NamedItem& item);
  void wait(const NamedItem& item);
  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  struct Head {
    int64_t tid = -1;
    std::optional<uint64_t> latency;
  };

  std::optional<Head> head(const NamedItem& item, const EventKind& kind);
  bool is_param(std::string_view key, const NamedItem& item, const EventKind& kind) const;
  bool values(const NamedItem& item, const EventKind& kind, int64_t tid, ParamValues& values);
  bool knows_thread(const NamedItem& item, const EventKind& kind, int64_t tid);
  void follow(Bytes block);

  std::vector<std::byte> bytes_;
  State state_;
  Decoder decoder_{state_};
  ValueEncoder encoder_;
  Findings& findings_;
  uint64_t ts_ = first_ts;
  int64_t latest_tid_ = -1;
  std::vector<std::byte> latest_;  // the block of the event before, which the decoder looks at
};

void CaseWriter::state(const std::vector<NamedItem>& items) {
  SnapshotWriter writer(bytes_);
  StateImport import(state_, true);
  RecordTee both(writer, import);
  write_state(items, ts_, state_, both, findings_);
  for (const NamedItem& item : items)
    if (const YamlNode* tid = item.name == "process" ? item.value->find("tid") : nullptr)
      if (const auto number = parse_number(tid->text.text()); number && latest_tid_ < 0)
        latest_tid_ = static_cast<int64_t>(number->bits());
}

void CaseWriter::wait(const NamedItem& item) {
  const TracedText* text = encoder_.scalar(wait_key, *item.value);
  if (text == nullptr) return;
  const auto ns = parse_duration(text->text());
  // A case cannot wait beyond what a time in nanoseconds can say.
  if (!ns || *ns > UINT64_MAX / 2 - ts_)
    encoder_.wrong(item.value->place, fmt::format("'wait' takes a time such as 250ms or 2s, found "
                                                  "{}",
                                                  filter::shown(text->text())));
  else
    ts_ += *ns;
}

/// Whether a key names a parameter, not the thread or the latency of the event.
bool CaseWriter::is_param(std::string_view key, const NamedItem& item,
                          const EventKind& kind) const {
  if (kind.param(key) < 0) return false;
  return key != "tid" || item.value->has("thread");
}

std::optional<CaseWriter::Head> CaseWriter::head(const NamedItem& item, const EventKind& kind) {
  Head head{.tid = latest_tid_, .latency = {}};
  const bool has_thread = item.value->has("thread") && kind.param("thread") < 0;
  const YamlNode* tid = item.value->find(has_thread ? "thread" : "tid");
  if (tid != nullptr) {
    const auto number = parse_number(tid->text.text());
    if (!number || number->magnitude > INT64_MAX)
      return encoder_.wrong(
          tid->place, fmt::format("a tid is a number, found {}", filter::shown(tid->text.text())));
    head.tid = static_cast<int64_t>(number->bits());
  }
  if (head.tid < 0 && tid == nullptr)
    return encoder_.wrong(item.place,
                          "whose event is it? There is no process before, and no 'tid'");
  if (const YamlNode* latency = item.value->find("latency")) {
    head.latency = parse_duration(latency->text.text());
    if (!head.latency)
      return encoder_.wrong(latency->place, "'latency' takes a time such as 30us or 2s");
  }
  return head;
}

bool CaseWriter::values(const NamedItem& item, const EventKind& kind, int64_t tid,
                        ParamValues& values) {
  std::vector<std::string_view> known = {"tid", "latency"};
  for (const schema::Param& param : kind.info().params) known.push_back(param.name);
  values.resize(kind.info().params.size());
  bool fits = true;
  for (const auto& [key, value] : item.value->entries) {
    const std::string& name = key->text.text();
    if (!is_param(name, item, kind)) {
      if (name == "tid" || name == "thread" || name == "latency") continue;
      encoder_.wrong(key->place, unknown_key(item.name, name, known));
      fits = false;
      continue;
    }
    const auto index = static_cast<size_t>(kind.param(name));
    if (values[index]) {
      encoder_.wrong(key->place, fmt::format("'{}' stands twice", name));
      fits = false;
      continue;
    }
    values[index] = encoder_.encode(kind.info().params[index], *value, state_.threads.find(tid));
    fits = fits && values[index];
  }
  return fits;
}

/// A thread that nothing has told of is a typing error, most of the time.
bool CaseWriter::knows_thread(const NamedItem& item, const EventKind& kind, int64_t tid) {
  if (says_program(kind) || kind.info().source != schema::Source::syscall) return true;
  const Thread* thread = state_.threads.find(tid);
  if (thread != nullptr && !thread->is_placeholder()) return true;
  encoder_.wrong(item.place,
                 fmt::format("nothing is known of thread {}; tell of it before with 'process', "
                             "'clone' or 'execve'",
                             tid));
  return false;
}

/// The state goes on as it will when the trace is read.
void CaseWriter::follow(Bytes block) {
  latest_.assign(block.begin(), block.end());
  RawEvent raw;
  const auto type = load<uint32_t>(latest_.data());
  const Bytes body = block_body(latest_, static_cast<uint32_t>(latest_.size()));
  if (parse_event(*find_block(type), body, raw) == nullptr) decoder_.decode(raw);
  decoder_.settle();
}

void CaseWriter::event(const NamedItem& item) {
  const auto kind = find_event_kind(item.name);
  if (!kind) {
    std::vector<std::string_view> names = event_kind_names();
    for (const std::string_view name : state_item_names()) names.push_back(name);
    names.push_back(wait_key);
    encoder_.wrong(item.place, fmt::format("there is no event {}{}", filter::shown(item.name),
                                           filter::did_you_mean(item.name, names)));
    return;
  }
  if (item.value->kind != Kind::mapping && item.value->kind != Kind::null) {
    encoder_.wrong(item.value->place,
                   fmt::format("an event takes {{parameter: value, ...}}, found {}",
                               kind_name(item.value->kind)));
    return;
  }
  const auto head = this->head(item, *kind);
  ParamValues values;
  const bool fits = head && this->values(item, *kind, head->tid, values);
  if (!fits || !knows_thread(item, *kind, head->tid)) return;
  fill_defaults(*kind, head->tid, state_, values);
  std::vector<std::byte> block;
  const EventHead place{.ts = ts_, .tid = head->tid, .cpu = 0, .type = kind->type};
  std::vector<Bytes> bytes;
  for (const auto& value : values) bytes.push_back(as_bytes_of(*value));
  if (!append_event_block(block, place, bytes, head->latency)) {
    encoder_.wrong(item.place, "the event is longer than any in a trace (65535 bytes)");
    return;
  }
  bytes_.insert(bytes_.end(), block.begin(), block.end());
  follow(block);
  latest_tid_ = head->tid;
  ts_ += step;
}

/// The items of a list of events: each has one key, which names it.
std::vector<NamedItem> items_of(const YamlNode& events, Findings& findings) {
  constexpr size_t most = 100'000;
  std::vector<NamedItem> items;
  if (events.kind != Kind::sequence) {
    findings.error(Code::validate, events.place,
                   fmt::format("'events' takes a list, found {}", kind_name(events.kind)));
    return items;
  }
  if (events.items.size() > most)
    findings.error(Code::validate, events.place,
                   fmt::format("a case has at most {} events; a trace has room for more", most));
  for (const YamlPtr& each : events.items) {
    if (items.size() >= most || findings.errors() > most_errors) break;
    if (each->kind == Kind::scalar) {  // an event by its name alone
      static const YamlNode nothing;
      items.push_back({each->text.text(), each->place, &nothing});
      continue;
    }
    if (each->kind == Kind::mapping && each->entries.size() == 1) {
      const auto& [key, value] = each->entries[0];
      items.push_back({key->text.text(), key->place, value.get()});
      continue;
    }
    findings.error(Code::validate, each->place,
                   "an item of 'events' is one event, as in - close: {fd: 3}");
  }
  return items;
}

}  // namespace

std::vector<std::byte> build_trace(const YamlNode& events, Findings& findings) {
  const std::vector<NamedItem> items = items_of(events, findings);
  CaseWriter trace(findings);
  trace.state(items);
  bool begun = false;
  for (const NamedItem& item : items) {
    if (findings.errors() > most_errors) break;  // who has so many has another kind of file
    if (!is_state_item(item.name)) {
      begun = true;
      if (item.name == wait_key)
        trace.wait(item);
      else
        trace.event(item);
    } else if (begun) {
      findings.error(Code::validate, item.place,
                     fmt::format("'{}' says what was there before the first event; put it in front",
                                 item.name));
    }
  }
  return trace.take();
}

}  // namespace gyr::rules
