// What the files of the fd.* fields share: fd.cpp has the table, each other file a subject.
#pragma once

#include "decoder/event_fd.hpp"
#include "filter/fields/field.hpp"

namespace gyr::filter::fd {

/// Whether events of this id can work on a descriptor.
bool applies(uint16_t id);

/// Whether the event works on a descriptor, as its flags say, and has a thread to look it up with.
/// sysdig 0.29 does not know that some calls do; Settings::as_falco says whether to believe it.
bool is_fd_event(const Site& site);

/// The event's descriptor; nullptr: none is known.
inline const Descriptor* descriptor(const Site& site) {
  return is_fd_event(site) ? event_descriptor(site.event) : nullptr;
}

// Which descriptor, and of what kind: fd_kinds.cpp
bool number(const Site& site, Extraction& out);
bool type(const Site& site, Extraction& out);
bool type_char(const Site& site, Extraction& out);
bool l4_protocol(const Site& site, Extraction& out);
bool socket_family(const Site& site, Extraction& out);
bool unique_id(const Site& site, Extraction& out);
bool connected(const Site& site, Extraction& out);
bool name_changed(const Site& site, Extraction& out);
bool device(const Site& site, Extraction& out);
bool device_major(const Site& site, Extraction& out);
bool device_minor(const Site& site, Extraction& out);
bool inode(const Site& site, Extraction& out);
bool types(const Site& site, Extraction& out);
bool is_upper_layer(const Site& site, Extraction& out);
bool is_lower_layer(const Site& site, Extraction& out);

// What it is called: fd_names.cpp
bool name(const Site& site, Extraction& out);
bool given_name(const Site& site, Extraction& out);
bool directory(const Site& site, Extraction& out);
bool file_name(const Site& site, Extraction& out);
bool container_name(const Site& site, Extraction& out);
bool container_directory(const Site& site, Extraction& out);

// The two ends of a socket: fd_ends.cpp
bool addresses(const Site& site, Extraction& out);
bool client_address(const Site& site, Extraction& out);
bool server_address(const Site& site, Extraction& out);
bool local_address(const Site& site, Extraction& out);
bool remote_address(const Site& site, Extraction& out);
bool ports(const Site& site, Extraction& out);
bool client_port(const Site& site, Extraction& out);
bool server_port(const Site& site, Extraction& out);
bool local_port(const Site& site, Extraction& out);
bool remote_port(const Site& site, Extraction& out);
bool client_service(const Site& site, Extraction& out);
bool server_service(const Site& site, Extraction& out);
bool local_service(const Site& site, Extraction& out);
bool remote_service(const Site& site, Extraction& out);
bool is_server(const Site& site, Extraction& out);
bool client_host(const Site& site, Extraction& out);
bool server_host(const Site& site, Extraction& out);
bool local_host(const Site& site, Extraction& out);
bool remote_host(const Site& site, Extraction& out);

}  // namespace gyr::filter::fd
