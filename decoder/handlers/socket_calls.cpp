// socket, bind, connect, accept, and the names that data transfer gives to sockets.
#include "decoder/addresses.hpp"
#include "decoder/handlers/fd_changes.hpp"
#include "decoder/handlers/handlers.hpp"
#include "decoder/sockets.hpp"
#include "schema_params.hpp"

namespace gyr::handlers {

namespace {

namespace param = schema::param;
using sockets::Direction;
using sockets::Tuple;

constexpr int64_t einprogress = 115;

L4Protocol l4_protocol(uint32_t type, uint32_t protocol) {
  constexpr uint32_t tcp = 6, udp = 17, icmp = 1, raw = 255;
  constexpr uint32_t sock_stream = 1, sock_dgram = 2, sock_raw = 3;
  const bool is_raw = type == sock_raw;
  switch (protocol) {
    case tcp:
      return is_raw ? L4Protocol::raw : L4Protocol::tcp;
    case udp:
      return is_raw ? L4Protocol::raw : L4Protocol::udp;
    case icmp:
      return is_raw ? L4Protocol::raw : L4Protocol::icmp;
    case raw:
      return L4Protocol::raw;
    case 0:
      break;
    default:
      return L4Protocol::unknown;
  }
  if ((type & 0xff) == sock_stream) return L4Protocol::tcp;
  if ((type & 0xff) == sock_dgram) return L4Protocol::udp;
  return L4Protocol::unknown;
}

FdType socket_type(uint32_t domain) {
  switch (domain) {
    case family::unix_domain:
      return FdType::unix_socket;
    case family::ipv4:
      return FdType::ipv4_socket;
    case family::ipv6:
      return FdType::ipv6_socket;
    case family::netlink:
      return FdType::netlink;
    default:
      return FdType::unknown;
  }
}

Ref<Descriptor> new_socket(uint32_t domain, uint32_t type, uint32_t protocol) {
  auto socket = make_ref<Descriptor>();
  socket->type = socket_type(domain);
  if (socket->is_ip()) socket->l4 = l4_protocol(type, protocol);
  return socket;
}

void add_accepted(const Change& change, int64_t fd, Bytes tuple_param, uint32_t open_flags) {
  if (fd < 0) return;
  const auto tuple = sockets::parse_tuple(tuple_param);
  if (!tuple) return;
  Ref<Descriptor> socket = sockets::accepted(*tuple);
  socket->open_flags = open_flags;
  add_fd(change, fd, std::move(socket));
}

/// A socket whose creation was missed, met by a send.
void invent_udp_socket(const Change& change, int64_t fd, const Tuple& tuple) {
  auto socket = make_ref<Descriptor>();
  socket->type = socket_type(tuple.family);
  socket->l4 = L4Protocol::udp;
  socket->connected = true;
  change.thread->fds->put(fd, std::move(socket));
}

void transfer(const Change& change, int64_t res, int64_t fd, Bytes tuple_param,
              Direction direction) {
  if (res < 0) return;
  const Descriptor* known = change.fds().find(fd);
  if (known != nullptr && known->is_ip_tuple() && !known->connected) {
    Descriptor* socket = change.thread->fds->modify(fd);
    if (socket != nullptr) socket->connected = true;
    known = socket;
  }
  if (tuple_param.empty()) return;
  const bool settled = known != nullptr && !known->name.empty() &&
                       known->type == FdType::ipv4_socket && known->l4 == L4Protocol::tcp;
  if (settled) return;
  const auto tuple = sockets::parse_tuple(tuple_param);
  if (!tuple) return;
  const bool invented = known == nullptr;
  if (invented) {
    if (direction != Direction::send || !tuple->is_ip()) return;
    invent_udp_socket(change, fd, *tuple);
  }
  if (Descriptor* socket = change.thread->fds->modify(fd))
    change_fd(change, *socket, [&](Descriptor& s) {
      sockets::transferred(change.state, change.fds(), s, *tuple, direction, invented);
    });
}

/// Where a socket is to be connected to is known before that succeeds, or fails. A local socket is
/// named after it.
void aim_at(const Change& change, int64_t fd, Bytes address_param) {
  const auto address = sockets::parse_address(address_param);
  const Descriptor* known = change.fds().find(fd);
  if (!address || known == nullptr) return;
  const bool is_local = address->family == family::unix_domain;
  const bool same_kind =
      known->is_ip_tuple() && known->is_ipv6() == (address->family == family::ipv6);
  if (!is_local && !same_kind) return;
  Descriptor* socket = change.thread->fds->modify(fd);
  if (socket == nullptr) return;
  if (is_local) {
    change_fd(change, *socket, [&](Descriptor& s) { s.name = descriptor_name(address->path); });
  } else {
    socket->destination = address->destination;
    socket->destination_port = address->destination_port;
  }
}

/// The end that a connect() went to, from the address seen on entry where the kernel gives none.
std::optional<Tuple> connect_tuple(const Change& change) {
  namespace call = param::connect_exit;
  const Event& event = change.event;
  const auto asked = change.thread->enter.kept
                         ? sockets::parse_address(enter_param(change.thread->enter, 1))
                         : std::nullopt;
  auto tuple = sockets::parse_tuple(event.get(call::tuple));
  if (!tuple) return asked;
  const auto seen_at_exit = sockets::parse_address(event.get(call::addr));
  const bool same = asked && seen_at_exit && asked->family == tuple->family &&
                    seen_at_exit->destination == tuple->destination &&
                    seen_at_exit->destination_port == tuple->destination_port;
  // Only then can the exit's address have been swapped by another thread.
  if (same && tuple->is_ip()) {
    tuple->destination = asked->destination;
    tuple->destination_port = asked->destination_port;
  }
  return tuple;
}

}  // namespace

void on_socket(const Change& change) {
  namespace call = param::socket_exit;
  const Event& e = change.event;
  const int64_t fd = e.get(call::fd);
  if (fd < 0) return;
  auto socket = new_socket(e.get(call::domain), e.get(call::type), e.get(call::proto));
  socket->open_flags = e.get(call::flags);
  add_fd(change, fd, std::move(socket));
}

void on_socketpair(const Change& change) {
  namespace call = param::socketpair_exit;
  const Event& e = change.event;
  const int64_t fd1 = e.get(call::fd1), fd2 = e.get(call::fd2);
  if (e.get(call::res) < 0 || fd1 == fd2) return;
  for (const int64_t fd : {fd1, fd2}) {
    auto socket = make_ref<Descriptor>();
    socket->type = FdType::unix_socket;
    socket->unix_source = e.get(call::source);
    socket->unix_destination = e.get(call::peer);
    add_fd(change, fd, std::move(socket));
  }
}

void on_bind(const Change& change) {
  namespace call = param::bind_exit;
  const Event& e = change.event;
  if (e.get(call::res) < 0) return;
  const auto address = sockets::parse_address(e.get(call::addr));
  if (!address) return;
  if (Descriptor* socket = change.thread->fds->modify(e.get(call::fd)))
    change_fd(change, *socket, [&](Descriptor& s) { sockets::bound(s, *address); });
}

void on_connect_enter(const Change& change) {
  namespace call = param::connect_enter;
  aim_at(change, change.event.get(call::fd), change.event.get(call::addr));
}

void on_connect(const Change& change) {
  namespace call = param::connect_exit;
  const Event& e = change.event;
  const int64_t res = e.get(call::res);
  if (res < 0 && res != -einprogress) {
    aim_at(change, e.get(call::fd), e.get(call::addr));
    return;
  }
  const auto tuple = connect_tuple(change);
  if (!tuple) return;
  Descriptor* socket = change.thread->fds->modify(e.get(call::fd));
  if (socket == nullptr) return;
  change_fd(change, *socket, [&](Descriptor& s) { sockets::connected(s, *tuple); });
  socket->connected = true;  // also in progress: what follows on the socket is of the connection
}

void on_accept(const Change& change) {
  namespace call = param::accept_5_exit;
  add_accepted(change, change.event.get(call::fd), change.event.get(call::tuple), 0);
}

void on_accept4(const Change& change) {
  namespace call = param::accept4_6_exit;
  constexpr int32_t sock_cloexec = 0x80000;  // the flags of accept4 are stored as the kernel's
  const bool cloexec = (change.event.get(call::flags) & sock_cloexec) != 0;
  add_accepted(change, change.event.get(call::fd), change.event.get(call::tuple),
               cloexec ? o_cloexec : 0);
}

void on_send(const Change& change) {
  namespace call = param::send_exit;
  const Event& e = change.event;
  transfer(change, e.get(call::res), e.get(call::fd), e.get(call::tuple), Direction::send);
}

void on_sendto(const Change& change) {
  namespace call = param::sendto_exit;
  const Event& e = change.event;
  transfer(change, e.get(call::res), e.get(call::fd), e.get(call::tuple), Direction::send);
}

void on_sendmsg(const Change& change) {
  namespace call = param::sendmsg_exit;
  const Event& e = change.event;
  transfer(change, e.get(call::res), e.get(call::fd), e.get(call::tuple), Direction::send);
}

void on_sendmmsg(const Change& change) {
  namespace call = param::sendmmsg_exit;
  const Event& e = change.event;
  transfer(change, e.get(call::res), e.get(call::fd), e.get(call::tuple), Direction::send);
}

void on_recv(const Change& change) {
  namespace call = param::recv_exit;
  const Event& e = change.event;
  transfer(change, e.get(call::res), e.get(call::fd), e.get(call::tuple), Direction::receive);
}

void on_recvfrom(const Change& change) {
  namespace call = param::recvfrom_exit;
  const Event& e = change.event;
  transfer(change, e.get(call::res), e.get(call::fd), e.get(call::tuple), Direction::receive);
}

void on_recvmsg(const Change& change) {
  namespace call = param::recvmsg_exit;
  const Event& e = change.event;
  transfer(change, e.get(call::res), e.get(call::fd), e.get(call::tuple), Direction::receive);
}

void on_recvmmsg(const Change& change) {
  namespace call = param::recvmmsg_exit;
  const Event& e = change.event;
  transfer(change, e.get(call::res), e.get(call::fd), e.get(call::tuple), Direction::receive);
}

}  // namespace gyr::handlers
