-- The DNS names behind connections: which names the processes had looked up for the addresses.
--
-- Arguments: show (connections, answers).
--   gyr -r trace.scap -c dnsnames
--   gyr -w trace.scap --snaplen-protocols    # to record so that answers are kept whole
--
-- Names come from the DNS answers in the trace, as far as they were recorded: an answer is often
-- longer than the 80 bytes that are kept otherwise. Live, the chisel asks for enough itself.

description = "Connections that processes opened, with the names that were looked up for their " ..
    "addresses: the names are taken from the DNS answers that were received from port 53. With " ..
    "`answers`, the names and addresses alone. Keeps at most 10000 addresses, 8 names of each, " ..
    "and 10000 connections by process, server and port. Record with " ..
    "--snaplen-protocols to keep answers whole."
short_description = "DNS names behind connections"
category = "Net"
dialect = "today"

local text = require("lib_text")
local dns = require("lib_dns")
local options = require("lib_args")({
    {name = "show", default = "connections", choices = {"connections", "answers"},
     description = "What is listed"},
})

local MOST_ADDRESSES, MOST_NAMES, MOST_CONNECTIONS, SNAPLEN = 10000, 8, 10000, 1024
local FIELDS = {
    data = "evt.rawarg.data", reads = "evt.is_io_read", process = "proc.name", pid = "proc.pid",
    server = "fd.sip", port = "fd.sport", protocol = "fd.l4proto", name = "fd.name",
    result = "evt.rawres", is_io = "evt.is_io",
}

local field = {}
local names, addresses = {}, {}      -- by address: its names; the addresses in their order
local connections, order = {}, {}

function on_init()
    for key, name in pairs(FIELDS) do field[key] = chisel.request_field(name) end
    chisel.set_filter("evt.dir=< and (fd.type=ipv4 or fd.type=ipv6) and " ..
        "(evt.is_io=true or evt.type=connect)")
    sysdig.set_snaplen(SNAPLEN)
    return true
end

local function remember(answer)
    local known = names[answer.address]
    if not known then
        if #addresses >= MOST_ADDRESSES then return end
        known = {}
        names[answer.address] = known
        addresses[#addresses + 1] = answer.address
    end
    text.add_once(known, answer.name, MOST_NAMES)
end

local function connected(server, port)
    local process, protocol = evt.field(field.process) or "<NA>", evt.field(field.protocol) or "-"
    local key = table.concat({process, protocol, server, port}, "\0")
    local row = connections[key]
    if not row then
        if #order >= MOST_CONNECTIONS then return end
        row = {process = process, protocol = protocol, server = server, port = port, bytes = 0,
               count = 0, seen = {}}
        connections[key], order[#order + 1] = row, row
    end
    local name = evt.field(field.name)
    if name and row.count < MOST_CONNECTIONS and not row.seen[name] then
        row.seen[name], row.count = true, row.count + 1
    end
    if evt.get_type() == "connect" then row.opened = true end
    local bytes = evt.field(field.result) or 0
    if bytes > 0 and evt.field(field.is_io) then row.bytes = row.bytes + bytes end
end

function on_event()
    local server, port = evt.field(field.server), evt.field(field.port)
    if not server or not port then return true end
    if port ~= 53 then
        connected(server, port)
    elseif evt.field(field.reads) then
        local data = evt.field(field.data)
        local is_tcp = evt.field(field.protocol) == "tcp"
        for _, answer in ipairs(data and dns.answers(data, is_tcp) or {}) do remember(answer) end
    end
    return true
end

local function names_of(address)
    return names[address] or names[address:match("^::ffff:([%d.]+)$") or ""]
end

require("lib_report")(function()
    if options.show == "answers" then
        local rows = {}
        for i, address in ipairs(addresses) do
            rows[i] = {address = address, names = names[address]}
        end
        return text.print_table({{key = "address", title = "ADDRESS"},
                                 {key = "names", title = "NAMES", show = text.list}}, rows)
    end
    local rows = {}
    for _, row in ipairs(order) do
        row.names = names_of(row.server)
        if row.names or row.opened then rows[#rows + 1] = row end
    end
    text.print_table({
        {key = "process", title = "PROCESS"}, {key = "protocol", title = "PROTO"},
        {key = "server", title = "SERVER"}, {key = "port", title = "PORT", right = true},
        {key = "count", title = "CONNS", right = true},
        {key = "bytes", title = "BYTES", right = true, show = text.bytes},
        {key = "names", title = "NAMES", show = text.list},
    }, rows)
end)
