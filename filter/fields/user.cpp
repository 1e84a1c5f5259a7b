// user.*: who the thread acts as, and who logged in.
#include "filter/fields/registry.hpp"
#include "filter/fields/threads.hpp"

namespace gyr::filter {

namespace {

using schema::ParamType;

/// Users of containers are mostly not in traces; those of the host stand in for them.
const UserInfo* find_user(const Site& site, uint32_t uid) {
  const NameTable& users = site.state.users;
  const UserInfo* user = users.find(site.thread()->container_id.view(), uid);
  return user != nullptr ? user : users.find({}, uid);
}

/// Of a user who is in no table. Falco's rules see a text then, for which != holds.
bool or_unknown(const Site& site, std::string_view default_value, Extraction& out) {
  if (!default_value.empty()) return out.set_text(default_value);
  return site.settings.as_falco && out.set_text("<NA>");
}

bool name_of(const Site& site, uint32_t uid, Extraction& out) {
  if (const UserInfo* user = find_user(site, uid)) return out.set_text(user->name);
  return or_unknown(site, uid == 0 ? "root" : "", out);
}

bool user_name(const Site& site, Extraction& out) {
  return site.thread() != nullptr && name_of(site, site.thread()->uid, out);
}

bool loginname(const Site& site, Extraction& out) {
  return site.thread() != nullptr && name_of(site, site.thread()->loginuid, out);
}

bool homedir(const Site& site, Extraction& out) {
  if (site.thread() == nullptr) return false;
  const uint32_t uid = site.thread()->uid;
  if (const UserInfo* user = find_user(site, uid)) return out.set_text(user->home);
  return or_unknown(site, uid == 0 ? "/root" : "", out);
}

bool shell(const Site& site, Extraction& out) {
  if (site.thread() == nullptr) return false;
  const UserInfo* user = find_user(site, site.thread()->uid);
  return user != nullptr ? out.set_text(user->shell) : or_unknown(site, "", out);
}

bool loginuid(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  return thread != nullptr && out.set_signed(static_cast<int32_t>(thread->loginuid));
}

constexpr Field fields[] = {
    {.name = "user.uid",
     .type = ParamType::uint32,
     .depends = Depends::thread,
     .extract = number_of_thread<&Thread::uid>,
     .doc = "User id, the effective one."},
    {.name = "user.name",
     .depends = Depends::tree,
     .extract = user_name,
     .doc = "User name, as the recorded machine or the container has it."},
    {.name = "user.homedir",
     .depends = Depends::tree,
     .extract = homedir,
     .doc = "The user's home directory."},
    {.name = "user.shell",
     .depends = Depends::tree,
     .extract = shell,
     .doc = "The user's login shell."},
    {.name = "user.loginuid",
     .type = ParamType::int64,
     .depends = Depends::thread,
     .extract = loginuid,
     .doc = "Id of the user who logged in, which stays the same with su and sudo; -1 when nobody "
            "did."},
    {.name = "user.loginname",
     .depends = Depends::tree,
     .extract = loginname,
     .doc = "Name of the user who logged in."},
};

}  // namespace

FieldClass user_fields() {
  return {"user", "Users", "The user that the event's thread acts as.", fields};
}

}  // namespace gyr::filter
