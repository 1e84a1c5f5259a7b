-- Who listens where: TCP ports with a listener and bound UDP ports, by process.
--
-- No arguments. The filter of the command line limits what starts to listen, not what did before.
--   gyr -r trace.scap -c listeners
--   gyr -c listeners
--
-- What was open before is taken from the state at the first event; SINCE is empty for it. At most
-- 5000 rows.

description = "The TCP and UDP ports that processes listen on: those that were open at the " ..
    "start (from the descriptors in the trace), and those opened by bind and listen later, with " ..
    "the time in seconds from the start, and how many connections were accepted. Keeps at most " ..
    "5000 rows."
short_description = "Who listens where"
category = "Net"
dialect = "today"
args = {}

local text = require("lib_text")

local MOST_ROWS = 5000
local FIELDS = {
    time = "evt.reltime", pid = "proc.pid", process = "proc.name", user = "user.name",
    protocol = "fd.l4proto", name = "fd.name", address = "evt.arg.addr", server = "fd.sip",
    port = "fd.sport", result = "evt.rawres", family = "fd.type",
}

local field = {}
local rows, by_key, table_read = {}, {}, false

function on_init()
    for key, name in pairs(FIELDS) do field[key] = chisel.request_field(name) end
    return true
end

local function add(row)
    local key = row.protocol .. " " .. row.address .. " " .. row.port .. " " .. row.pid
    if by_key[key] or #rows >= MOST_ROWS then return end
    row.accepted = 0
    by_key[key], rows[#rows + 1] = row, row
end

-- A socket without another side listens, or waits for datagrams.
local function read_table()
    for _, thread in pairs(sysdig.get_thread_table("fd.type=ipv4 or fd.type=ipv6")) do
        for _, fd in pairs(thread.fdtable) do
            if fd.sip and not fd.cip and fd.sport and fd.sport > 0 and thread.tid == thread.pid then
                add({protocol = fd.l4proto or "-", address = fd.sip, port = fd.sport,
                     pid = thread.pid, process = thread.comm, user = thread.username})
            end
        end
    end
end

-- The address and port of `127.0.0.1:80`, `:::80`.
local function split(name)
    local address, port = (name or ""):match("^(.*):(%d+)$")
    return address, tonumber(port)
end

local function opened(call)
    local address, port = split(evt.field(field.name))
    if not port then address, port = split(evt.field(field.address)) end
    local protocol = evt.field(field.protocol) or "-"
    if not port or (call == "bind" and protocol == "tcp") then return end  -- listen follows
    add({protocol = protocol, address = address, port = port, pid = evt.field(field.pid) or 0,
         process = evt.field(field.process), user = evt.field(field.user),
         since = evt.field(field.time)})
end

-- Whose child accepts, or another process with the same socket, counts with it.
local function accepted()
    local port = evt.field(field.port)
    for _, row in ipairs(rows) do
        if row.port == port and row.protocol == "tcp" and
            (row.address == evt.field(field.server) or row.address == "0.0.0.0" or
             row.address == "::") then
            row.accepted = row.accepted + 1
            return
        end
    end
end

function on_event()
    if not table_read then
        table_read = true
        read_table()
    end
    local call = evt.get_type()
    if call ~= "bind" and call ~= "listen" and call ~= "accept" and call ~= "accept4" then
        return true
    end
    local result = evt.field(field.result)
    if not result or result < 0 then return true end
    if call == "bind" or call == "listen" then opened(call) else accepted() end
    return true
end

require("lib_report")(function()
    table.sort(rows, function(a, b)
        if a.port ~= b.port then return a.port < b.port end
        if a.protocol ~= b.protocol then return a.protocol < b.protocol end
        if a.address ~= b.address then return a.address < b.address end
        return a.pid < b.pid
    end)
    text.print_table({
        {key = "protocol", title = "PROTO"}, {key = "address", title = "ADDRESS"},
        {key = "port", title = "PORT", right = true}, {key = "pid", title = "PID", right = true},
        {key = "process", title = "PROCESS"}, {key = "user", title = "USER"},
        {key = "since", title = "SINCE", right = true, show = text.seconds},
        {key = "accepted", title = "ACCEPTED", right = true},
    }, rows)
end)
