// fs.path.*: the paths that calls on the file system work on, whatever their parameters are called.
#include <array>

#include "decoder/event_fd.hpp"
#include "decoder/paths.hpp"
#include "filter/fields/registry.hpp"
#include "schema_params.hpp"

namespace gyr::filter {

namespace {

namespace param = schema::param;
namespace id = schema::type;
using PathField = schema::Field<std::string_view>;
using FdField = schema::Field<int64_t>;

enum class Role : uint8_t { name, source, target };

/// A path parameter, and the parameter with the directory it starts from.
struct PathParam {
  std::optional<PathField> path;
  std::optional<FdField> directory = std::nullopt;  // none: the working directory
};

/// An event with one path, or with two, by its id of today.
struct PathCall {
  uint16_t id;
  PathParam name = {}, source = {}, target = {};
  std::optional<FdField> opened = std::nullopt;  // its result is a descriptor
  bool by_fd = false;                            // the path is the descriptor's name
};

constexpr PathCall path_calls[] = {
    {.id = id::mkdir_2_exit, .name = {param::mkdir_2_exit::path}},
    {.id = id::mkdirat_exit, .name = {param::mkdirat_exit::path, param::mkdirat_exit::dirfd}},
    {.id = id::rmdir_2_exit, .name = {param::rmdir_2_exit::path}},
    {.id = id::unlink_2_exit, .name = {param::unlink_2_exit::path}},
    {.id = id::unlinkat_2_exit,
     .name = {param::unlinkat_2_exit::name, param::unlinkat_2_exit::dirfd}},
    {.id = id::open_exit, .name = {param::open_exit::name}, .opened = param::open_exit::fd},
    {.id = id::openat_2_exit,
     .name = {param::openat_2_exit::name, param::openat_2_exit::dirfd},
     .opened = param::openat_2_exit::fd},
    {.id = id::openat2_exit,
     .name = {param::openat2_exit::name, param::openat2_exit::dirfd},
     .opened = param::openat2_exit::fd},
    {.id = id::umount_1_exit, .name = {param::umount_1_exit::name}},
    {.id = id::umount2_exit, .name = {param::umount2_exit::name}},
    {.id = id::chown_exit, .name = {param::chown_exit::path}},
    {.id = id::lchown_exit, .name = {param::lchown_exit::path}},
    {.id = id::fchown_exit, .by_fd = true},
    {.id = id::fchownat_exit,
     .name = {param::fchownat_exit::pathname, param::fchownat_exit::dirfd}},
    {.id = id::chmod_exit, .name = {param::chmod_exit::filename}},
    {.id = id::fchmod_exit, .by_fd = true},
    {.id = id::fchmodat_exit,
     .name = {param::fchmodat_exit::filename, param::fchmodat_exit::dirfd}},
    {.id = id::quotactl_exit, .name = {param::quotactl_exit::special}},
    {.id = id::rename_exit,
     .source = {param::rename_exit::oldpath},
     .target = {param::rename_exit::newpath}},
    {.id = id::renameat_exit,
     .source = {param::renameat_exit::oldpath, param::renameat_exit::olddirfd},
     .target = {param::renameat_exit::newpath, param::renameat_exit::newdirfd}},
    {.id = id::renameat2_exit,
     .source = {param::renameat2_exit::oldpath, param::renameat2_exit::olddirfd},
     .target = {param::renameat2_exit::newpath, param::renameat2_exit::newdirfd}},
    // Of a link, the source is the new name, and the target what it leads to.
    {.id = id::link_2_exit,
     .source = {param::link_2_exit::newpath},
     .target = {param::link_2_exit::oldpath}},
    {.id = id::linkat_2_exit,
     .source = {param::linkat_2_exit::newpath, param::linkat_2_exit::newdir},
     .target = {param::linkat_2_exit::oldpath, param::linkat_2_exit::olddir}},
    {.id = id::symlink_exit,
     .source = {param::symlink_exit::linkpath},
     .target = {param::symlink_exit::target}},
    {.id = id::symlinkat_exit,
     .source = {param::symlinkat_exit::linkpath, param::symlinkat_exit::linkdirfd},
     .target = {param::symlinkat_exit::target, param::symlinkat_exit::linkdirfd}},
    {.id = id::mount_exit, .source = {param::mount_exit::dev}, .target = {param::mount_exit::dir}},
};

/// By the id of any version of the event.
const PathCall* find_call(uint16_t event, uint16_t today) {
  static const auto calls = [] {
    std::array<const PathCall*, schema::event_count> all{};
    for (const PathCall& call : path_calls) all[call.id] = &call;
    for (uint32_t i = 0; i < schema::event_count; ++i) {
      for (uint32_t n = 0; n <= schema::events[i].params.size(); ++n) {
        const schema::Upgrade* upgrade = schema::find_upgrade(i, n);
        if (upgrade != nullptr && all[i] == nullptr) all[i] = all[upgrade->target];
      }
    }
    return all;
  }();
  return calls[event] != nullptr ? calls[today] : nullptr;
}

bool applies(uint16_t event) { return find_call(event, event) != nullptr; }

/// That the call succeeded. Of opens only the result -1 (EPERM) counts as a failure, as for Falco's
/// rules: they ask for files that somebody tried to open, too.
bool succeeded(const Event& event, const PathCall& call) {
  constexpr FdField result{0};
  return call.opened ? event.get(*call.opened) != -1 : event.get(result) == 0;
}

const PathCall* call_of(const Site& site) {
  const uint16_t event = site.event.raw().type;
  if (!applies(event)) return nullptr;
  const PathCall* call = find_call(event, site.event.today_id());
  return call != nullptr && succeeded(site.event, *call) ? call : nullptr;
}

const PathParam& param_of(const PathCall& call, Role role) {
  return role == Role::name ? call.name : role == Role::source ? call.source : call.target;
}

bool append_resolved(Text& to, const Site& site, const PathParam& param) {
  const std::string_view path = site.event.get(*param.path);
  thread_local Text base;
  base.clear();
  if (path.empty() || path.front() != '/') {
    const int64_t from = param.directory ? site.event.get(*param.directory) : at_fdcwd;
    append_directory(base, *site.thread(), from);
    if (base.view() == unknown_directory) base.append('/');
  }
  append_joined(to, base.view(), path);
  return true;
}

bool extract(const Site& site, Extraction& out, Role role, bool raw) {
  const PathCall* call = call_of(site);
  if (call == nullptr) return false;
  if (call->by_fd) {
    if (role != Role::name || site.thread() == nullptr) return false;
    const Descriptor* d = event_descriptor(site.event);
    return d != nullptr && out.set_text(d->name.view());
  }
  const PathParam& param = param_of(*call, role);
  if (!param.path || !site.event.has(*param.path)) return false;
  if (raw) return out.set_text(site.event.get(*param.path));
  return site.thread() != nullptr && append_resolved(out.compose(), site, param);
}

bool name(const Site& site, Extraction& out) { return extract(site, out, Role::name, false); }
bool name_raw(const Site& site, Extraction& out) { return extract(site, out, Role::name, true); }
bool source(const Site& site, Extraction& out) { return extract(site, out, Role::source, false); }
bool source_raw(const Site& site, Extraction& out) {
  return extract(site, out, Role::source, true);
}
bool target(const Site& site, Extraction& out) { return extract(site, out, Role::target, false); }
bool target_raw(const Site& site, Extraction& out) {
  return extract(site, out, Role::target, true);
}

constexpr std::array fields = {
    Field{.name = "fs.path.name",
          .applies = applies,
          .extract = name,
          .doc = "Full path that a call with one path works on: open, mkdir, unlink, chmod and "
                 "others. Of calls that succeeded, but for opens."},
    Field{.name = "fs.path.nameraw",
          .applies = applies,
          .extract = name_raw,
          .doc = "Like fs.path.name, but as the call gave it, perhaps relative."},
    Field{.name = "fs.path.source",
          .applies = applies,
          .extract = source,
          .doc = "Full path that a call with two paths comes from: the old name of a rename, the "
                 "link that is made, the device that is mounted."},
    Field{.name = "fs.path.sourceraw",
          .applies = applies,
          .extract = source_raw,
          .doc = "Like fs.path.source, but as the call gave it, perhaps relative."},
    Field{.name = "fs.path.target",
          .applies = applies,
          .extract = target,
          .doc = "Full path that a call with two paths goes to: the new name of a rename, what a "
                 "link leads to, the directory of a mount."},
    Field{.name = "fs.path.targetraw",
          .applies = applies,
          .extract = target_raw,
          .doc = "Like fs.path.target, but as the call gave it, perhaps relative."},
};

}  // namespace

FieldClass fs_path_fields() {
  return {"fs.path", "Paths", "The paths of calls that work on the file system.", fields};
}

}  // namespace gyr::filter
