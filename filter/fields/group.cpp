// group.*: the group that the thread acts as.
#include "filter/fields/registry.hpp"
#include "filter/fields/threads.hpp"

namespace gyr::filter {

namespace {

bool group_name(const Site& site, Extraction& out) {
  const Thread* thread = site.thread();
  if (thread == nullptr) return false;
  // Those of containers are mostly not in traces; those of the host stand in for them.
  const NameTable& groups = site.state.groups;
  const UserInfo* group = groups.find(thread->container_id.view(), thread->gid);
  if (group == nullptr) group = groups.find({}, thread->gid);
  if (group != nullptr) return out.set_text(group->name);
  if (thread->gid == 0) return out.set_text("root");
  return site.settings.as_falco && out.set_text("<NA>");  // a text, for which != holds
}

constexpr Field fields[] = {
    {.name = "group.gid",
     .type = schema::ParamType::uint32,
     .depends = Depends::thread,
     .extract = number_of_thread<&Thread::gid>,
     .doc = "Group id, the effective one."},
    {.name = "group.name",
     .depends = Depends::tree,
     .extract = group_name,
     .doc = "Group name, as the recorded machine or the container has it."},
};

}  // namespace

FieldClass group_fields() {
  return {"group", "Groups", "The group that the event's thread acts as.", fields};
}

}  // namespace gyr::filter
