// Users and groups that appear while capturing, those of containers too.
#include "decoder/handlers/handlers.hpp"
#include "schema_params.hpp"

namespace gyr::handlers {

namespace param = schema::param;

void on_user_added(const Change& change) {
  namespace user = param::user_added_enter;
  const Event& e = change.event;
  change.state.users.set(e.get(user::container_id), e.get(user::uid),
                         UserInfo{.gid = e.get(user::gid),
                                  .name = std::string(e.get(user::name)),
                                  .home = std::string(e.get(user::home)),
                                  .shell = std::string(e.get(user::shell))});
}

void on_user_deleted(const Change& change) {
  namespace user = param::user_deleted_enter;
  const Event& e = change.event;
  change.state.users.remove(e.get(user::container_id), e.get(user::uid));
}

void on_group_added(const Change& change) {
  namespace group = param::group_added_enter;
  const Event& e = change.event;
  change.state.groups.set(e.get(group::container_id), e.get(group::gid), e.get(group::name));
}

void on_group_deleted(const Change& change) {
  namespace group = param::group_deleted_enter;
  const Event& e = change.event;
  change.state.groups.remove(e.get(group::container_id), e.get(group::gid));
}

}  // namespace gyr::handlers
