-- What changed on disk, path by path, and who did it.
--
-- Arguments: prefix (only paths that begin so).
--   gyr -r trace.scap -c changes
--   gyr -r trace.scap -c changes /etc
--
-- What is written through a mapping (mmap) or by the kernel (sendfile) is not counted.

description = "Files and folders that were created, written (with bytes), truncated, renamed, " ..
    "linked, deleted, or got other rights or owners, by path, and which processes did it, " ..
    "except in /dev, /proc and /sys. 'opened to create': the trace does not tell whether the " ..
    "file was there before. Keeps at most 20000 paths."
short_description = "What changed on disk, and who did it"
category = "I/O"
dialect = "today"

local text = require("lib_text")
local options = require("lib_args")({
    {name = "prefix", default = "/", description = "Only paths that begin so"},
})

local MOST_PATHS, MOST_ACTIONS, MOST_PROCESSES = 20000, 12, 6
local LEFT_OUT = {["/dev/"] = true, ["/proc/"] = true, ["/sys/"] = true}
local FIELDS = {
    time = "evt.reltime", process = "proc.name", pid = "proc.pid", name = "fd.name",
    fd_type = "fd.type", flags = "evt.arg.flags", result = "evt.rawres", writes = "evt.is_io_write",
    absolute = "evt.abspath", target = "evt.abspath.dst", path_arg = "evt.arg.path",
    name_arg = "evt.arg.name", file_arg = "evt.arg.filename", full_arg = "evt.arg.pathname",
    old_arg = "evt.arg.oldpath", new_arg = "evt.arg.newpath", link_arg = "evt.arg.linkpath",
    fd_arg = "evt.arg.fd", mode = "evt.rawarg.mode", uid = "evt.arg.uid", gid = "evt.arg.gid",
}

local field = {}
local paths, order, left_out = {}, {}, 0
local tells_created = false  -- whether opens say so: the newer recorders' do

function on_init()
    for key, name in pairs(FIELDS) do field[key] = chisel.request_field(name) end
    chisel.set_filter("evt.dir=< and evt.failed=false and (evt.is_io_write=true or " ..
        "evt.type in (open, openat, openat2, creat, mkdir, mkdirat, rmdir, unlink, unlinkat, " ..
        "rename, renameat, renameat2, link, linkat, symlink, symlinkat, chmod, fchmod, " ..
        "fchmodat, chown, lchown, fchown, fchownat))")
    return true
end

local function get(...)
    for _, key in ipairs({...}) do
        local value = evt.field(field[key])
        if value and value ~= "" and value ~= "<NA>" then return value end
    end
end

-- The path that an argument shows as `name(/full/name)` or as `<f>/full/name`.
local function whole(path)
    return path and (path:match("%((/.*)%)$") or path:match("^<%a>(/.*)$") or path)
end

-- The record of a path, with the current process as one that changed it.
local function touched(path)
    path = whole(path)
    if not path or path:sub(1, #options.prefix) ~= options.prefix or
        LEFT_OUT[path:match("^/%w+/")] then
        return {actions = {}}
    end
    local record = paths[path]
    if not record then
        left_out = left_out + (#order >= MOST_PATHS and 1 or 0)
        if #order >= MOST_PATHS then return {actions = {}} end
        record = {path = path, time = evt.field(field.time), actions = {}, processes = {}}
        paths[path], order[#order + 1] = record, record
    end
    local process = string.format("%s(%d)", get("process") or "<NA>", get("pid") or 0)
    text.add_once(record.processes, process, MOST_PROCESSES)
    return record
end

local function note(path, action)
    text.add_once(touched(path).actions, action, MOST_ACTIONS)
end

local function opened(call)
    local flags, path = get("flags") or "", get("name", "absolute", "name_arg")
    local function has(flag) return flags:find(flag, 1, true) end
    tells_created = tells_created or has("O_F_CREATED")
    if call == "creat" or has("O_F_CREATED") or (has("O_CREAT") and has("O_EXCL")) then
        note(path, "created")
    elseif has("O_CREAT") then
        touched(path).maybe_created = true
    elseif has("O_TRUNC") then
        note(path, "truncated")
    end
end

local function change(call)
    local path = get("absolute", "path_arg", "name_arg", "file_arg", "full_arg")
    if call:match("^rename") then
        local from, to = whole(get("absolute", "old_arg")), whole(get("target", "new_arg"))
        note(from, "renamed to " .. (to or "?"))
        note(to, "renamed from " .. (from or "?"))
    elseif call:match("link") and not call:match("^unlink") then
        note(get("target", "link_arg", "new_arg"), call:match("^sym") and "symlink" or "hard link")
    elseif call:match("^unlink") or call == "rmdir" then
        note(path, "deleted")
    elseif call:match("^mkdir") then
        note(path, "folder created")
    elseif call:match("chmod") then
        note(path or get("fd_arg"), string.format("mode %04o", get("mode") or 0))
    elseif call:match("chown") then
        note(path or get("fd_arg"), "owner " .. (get("uid") or "?") .. ":" .. (get("gid") or "?"))
    end
end

local function written()
    local bytes = evt.field(field.result) or 0
    if bytes <= 0 or get("fd_type") ~= "file" then return end
    local record = touched(get("name"))
    record.written = (record.written or 0) + bytes
end

function on_event()
    local call = evt.get_type()
    if call:match("^open") or call == "creat" then
        opened(call)
    elseif evt.field(field.writes) then
        written()
    else
        change(call)
    end
    return true
end

function on_capture_end()
    local rows = {}
    for _, record in ipairs(order) do
        if record.maybe_created and not tells_created then
            table.insert(record.actions, 1, "opened to create")
        end
        if record.written and #record.actions == 0 then record.actions[1] = "written" end
        if #record.actions > 0 then rows[#rows + 1] = record end
    end
    text.print_table({
        {key = "time", title = "FIRST", right = true, show = text.seconds},
        {key = "written", title = "WRITTEN", right = true, show = text.bytes},
        {key = "path", title = "PATH", widest = 48},
        {key = "actions", title = "CHANGES", widest = 48, show = text.list},
        {key = "processes", title = "BY", show = text.list},
    }, rows)
    if left_out > 0 then io.stderr:write(left_out, " changes of further paths left out\n") end
end
