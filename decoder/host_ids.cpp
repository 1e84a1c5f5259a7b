#include "decoder/host_ids.hpp"

#include <algorithm>

#include "capture/file/blocks.hpp"
#include "schema/schema.hpp"

namespace gyr {

namespace {

void store(std::byte* at, int64_t value) { std::memcpy(at, &value, sizeof value); }

}  // namespace

void HostIds::apply(ThreadRecord& t) const {
  const bool inner = t.vtid >= 0 && t.vtid != t.tid;
  // A process 1 of its namespace adopts orphans; it must still be seen to be one.
  const bool own_vpid = inner || t.vpid == 1;
  for (int64_t* id : {&t.tid, &t.pid, &t.ptid, &t.sid, &t.pgid}) *id = shifted(*id);
  if (inner) return;
  t.vtid = shifted(t.vtid);
  t.vpgid = shifted(t.vpgid);
  if (!own_vpid) t.vpid = shifted(t.vpid);
}

void HostIds::apply(FdRecord& record) const {
  if (record.own) record.own->pid = shifted(record.own->pid);
}

Bytes HostIds::apply(Bytes block, RawEvent& raw) {
  if (shift_ == 0) return block;
  copy_.assign(block.begin(), block.end());
  const BlockInfo& info = *find_block(load<uint32_t>(block.data()));
  const size_t event_at =
      block_header_size + sizeof(uint16_t) + (info.has_flags ? sizeof(uint32_t) : 0);
  raw.tid = shifted(raw.tid);
  store(copy_.data() + event_at + sizeof(uint64_t), raw.tid);
  if (raw.option_bytes != 0) raw.options = copy_.data() + (raw.options - block.data());
  if (raw.nparams == 0) return copy_;
  std::byte* data = copy_.data() + (raw.data - block.data());
  raw.lengths = copy_.data() + (raw.lengths - block.data());
  raw.data = data;
  shift_params(raw, data);
  return copy_;
}

void HostIds::shift_params(RawEvent& raw, std::byte* data) const {
  const schema::Event* info = schema::find_event(raw.type);
  if (info == nullptr) return;
  const auto known = std::min<size_t>(raw.nparams, info->params.size());
  int64_t tid = -1, vtid = -1;
  std::byte *vtid_at = nullptr, *vpid_at = nullptr;
  for (size_t i = 0; i < known; ++i) {
    const uint32_t size = raw.param_size(static_cast<uint32_t>(i));
    const schema::Param& param = info->params[i];
    if (param.type == schema::ParamType::pid && size == sizeof(int64_t)) {
      const auto id = load<int64_t>(data);
      if (param.name == "tid") tid = id;
      if (param.name == "vtid") {
        vtid = id;
        vtid_at = data;
      } else if (param.name == "vpid") {
        vpid_at = data;
      } else {
        store(data, shifted(id));
      }
    }
    data += size;
  }
  if (vtid_at == nullptr || vtid != tid) return;  // inside a pid namespace
  store(vtid_at, shifted(vtid));
  if (vpid_at != nullptr && load<int64_t>(vpid_at) != 1)
    store(vpid_at, shifted(load<int64_t>(vpid_at)));
}

}  // namespace gyr
