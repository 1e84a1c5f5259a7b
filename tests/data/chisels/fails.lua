description = "Fails where its argument says."
short_description = "fails"
category = "test"
args = { { name = "where", description = "the callback", argtype = "string" } }

local where

function on_set_arg(_, value)
    where = value
    return value ~= "nowhere"
end

local function callback(name)
    if where == name then error("as asked") end
    if where == name .. "=nil" then return nil end
    return where ~= name .. "=false"
end

function on_init()
    field = chisel.request_field("evt.num")
    if where == "field" then chisel.request_field("proc.nmae") end
    if where == "filter" then chisel.set_filter("proc.name=") end
    if where == "outside" then evt.field(field) end
    if where == "handle" then evt.field("proc.name") end
    if where == "early" then sysdig.get_machine_info() end
    if where == "interval" then chisel.set_interval_s(1) end
    return callback("init")
end

function on_capture_start() return callback("start") end

function on_event()
    io.write("event ", evt.field(field), "\n")
    return callback("event")
end

function on_capture_end() return callback("end") end
