-- Calls every function of the API with every wrong argument, inside and outside of events. What
-- counts is that all of it is an error or nothing.
description = "Calls the API with what it does not expect."
short_description = "wrong arguments"
category = "test"

local huge = string.rep("x", 100000)
local values = { nil, false, true, 0, -1, 1, 1.5, 1e300, -1e300, 0/0, 1/0, 2^53, "", "x", "\0", huge,
                 "proc.name", "proc.name=a", "%proc.name", "1", {}, { 1, 2 }, print,
                 coroutine.create(print), setmetatable({}, { __index = error }), io.stdout }
local count = 26
local called, failed = 0, 0

local function try(f, ...)
    called = called + 1
    if not pcall(f, ...) then failed = failed + 1 end
end

local function abuse()
    for _, api in ipairs({ chisel, evt, sysdig }) do
        for name, f in pairs(api) do
            if name ~= "log" and name ~= "end_capture" and name ~= "run_app" and name ~= "exec"
               and name ~= "run_sysdig" and f ~= sysdig.set_filter then
                try(f)
                for i = 1, count do
                    try(f, values[i])
                    try(f, values[i], values[count + 1 - i])
                    try(f, values[i], values[i], values[i], values[i], values[i])
                end
            end
        end
    end
    chisel.set_interval_ns(0)
    chisel.set_filter("evt.num>0")
    try(sysdig.set_filter)
    try(sysdig.set_filter, {})
    try(sysdig.set_filter, "proc.name=")
    try(sysdig.log, "text", "no severity")
    try(sysdig.log, nil, "debug")
    try(sysdig.run_app, {})
    try(chisel.exec, {}, {})
end

local events = 0

function on_init()
    abuse()
    return true
end

function on_event()
    events = events + 1
    if events == 2 then abuse() end
    if events == 3 then sysdig.end_capture() end
    return true
end

function on_capture_end()
    abuse()
    print(called > 3000 and failed > 1000 and "still here" or (called .. " " .. failed))
end
