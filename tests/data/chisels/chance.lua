-- Calls functions of the API by chance, with what chance makes, and with what they gave before.
-- What counts is that all of it is an error or nothing.
description = "Calls the API by chance; the argument is the seed."
short_description = "chance"
category = "test"

args = { { name = "seed", description = "what chance begins with", argtype = "int" } }

local left = 4000  -- calls
local given = {}   -- what calls gave, a few of it

local words = { "proc.name", "fd.name", "evt.arg[", "evt.rawarg.res", "thread.tid", "proc.aname[3]",
                "evt.arg.data", "%proc.name %", "*%fd.name", "proc.name=", "evt.num>5 and", "not not",
                "(", "evt.type in (open, read", "fd.type=file", "ascii", "json", "hex", "", "\0\27[2J" }

local function chance_text()
    local bytes = {}
    for i = 1, math.random(0, 40) do bytes[i] = string.char(math.random(0, 255)) end
    return table.concat(bytes)
end

local makers = {
    function() return nil end,
    function() return math.random(0, 1) == 0 end,
    function() return math.random(-5, 60) end,
    function() return (math.random() - 0.5) * 2 ^ math.random(-10, 70) end,
    function() return words[math.random(#words)] end,
    function() return words[math.random(#words)] .. words[math.random(#words)] end,
    chance_text,
    function() return { chance_text(), [chance_text()] = math.random(9) } end,
    function() return function() error("called") end end,
    function() return given[math.random(40)] end,
    function() return given[math.random(40)] end,
}

local functions = {}

local function call_by_chance()
    local arguments = {}
    local count = math.random(0, 4)
    for i = 1, count do arguments[i] = makers[math.random(#makers)]() end
    local f = functions[math.random(#functions)]
    local done, result = pcall(f, unpack(arguments, 1, count))
    if done and result ~= nil then given[math.random(40)] = result end
    left = left - 1
end

local function some()
    for _ = 1, math.min(left, math.random(0, 60)) do call_by_chance() end
end

function on_set_arg(_, value)
    math.randomseed(tonumber(value))
    return true
end

function on_init()
    local ends_the_run = { end_capture = true, run_app = true, run_sysdig = true, exec = true, log = true }
    local names = {}
    for _, api in ipairs({ chisel, evt, sysdig }) do
        for name, f in pairs(api) do
            if not ends_the_run[name] then table.insert(names, { name = name, f = f }) end
        end
    end
    -- The order of a table is not the same in every run; that of the seed is to be.
    table.sort(names, function(a, b) return a.name < b.name end)
    for _, each in ipairs(names) do table.insert(functions, each.f) end
    some()
    chisel.set_filter("evt.num>0")
    pcall(sysdig.set_filter, "evt.num>0")
    return true
end

on_event = function() some() return true end
on_interval = function() some() return true end

function on_capture_end()
    while left > 0 do call_by_chance() end
    io.stdout:write("still here\n")
end
