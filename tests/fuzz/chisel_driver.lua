-- Calls the API as the bytes of its argument say, in every callback: see fuzz_chisel.cpp.
--
-- A callback takes calls until a byte 0; on_event begins anew where the one before stopped. A call is
-- a byte for the function, one for how (bits 0-2: arguments, bit 3: not protected), and arguments: a
-- byte below 0x80 picks a value, then 0x80 a text (a byte for its length), 0x81 a number (mantissa,
-- exponent), 0x82 what an earlier call gave, others a word of the API's.
description = "Calls the API as its argument says."
short_description = "made-up calls"
category = "test"
args = { { name = "calls", description = "the calls", argtype = "string" } }

local left_out = { log = true }  -- it writes to the standard error
local words = { "proc.name", "evt.num", "evt.type", "evt.arg[0]", "evt.arg.fd", "evt.rawarg.data",
    "evt.buffer", "evt.latency", "fd.name", "fd.net", "proc.aname[2]", "thread.cgroups",
    "evt.failed", "evt.time", "proc.name=program", "fd.num>0 and evt.type=read", "evt.num=",
    "*%evt.num %proc.name %evt.args", "%fd.name", "%x", "normal", "hexascii", "json", "debug",
    "127.0.0.1", "1000000000123456789", "./tests/fuzz/chisel_driver.lua", "no chisel" }
local huge = string.rep("x", 70000)
local values = { false, true, 0, 1, 2, 3, 4, -1, 1.5, 1e9, 1e300, -1e300, 0/0, 1/0, 2^53, 2^63, "",
    "x", "\0", huge, {}, { 1, 2 }, { x = {} }, print, coroutine.create(print),
    setmetatable({}, { __index = error, __tostring = error, __len = error }), io.stdout }

local functions = {}
for _, api in ipairs({ chisel, evt, sysdig }) do
    local names = {}
    for name in pairs(api) do
        if not left_out[name] then names[#names + 1] = name end
    end
    table.sort(names)
    for _, name in ipairs(names) do functions[#functions + 1] = api[name] end
end

local calls, at = "", 1
local given, given_at = {}, 0

local function next_byte()
    local byte = calls:byte(at) or 0
    at = at + 1
    return byte
end

local function next_argument()
    local byte = next_byte()
    if byte < 0x80 then return values[byte % (#values + 1) + 1] end
    if byte == 0x80 then
        local size = next_byte()
        at = at + size
        return calls:sub(at - size, at - 1)
    end
    if byte == 0x81 then return (next_byte() - 128) * 2 ^ (next_byte() - 128) end
    if byte == 0x82 then return given[next_byte() % 8] end
    return words[(byte - 0x83) % #words + 1]
end

local function look_at(value, depth)  -- tables are filled when they are looked at
    if type(value) ~= "table" or depth == 0 then return end
    for key, inner in pairs(value) do
        tostring(key)
        look_at(inner, depth - 1)
    end
end

local function keep(good, ...)
    for i = 1, good and select("#", ...) or 0 do
        given_at = (given_at + 1) % 8
        given[given_at] = select(i, ...)
        look_at(given[given_at], 6)
    end
end

local function call(f, how)
    local arguments, count = {}, math.min(how % 8, 5)
    for i = 1, count do arguments[i] = next_argument() end
    if math.floor(how / 8) % 2 == 1 then
        keep(true, f(unpack(arguments, 1, count)))
    else
        keep(pcall(f, unpack(arguments, 1, count)))
    end
end

local function take_calls()
    for _ = 1, 64 do
        local byte = next_byte()
        if byte == 0 then return end
        call(functions[byte % #functions + 1], next_byte())
    end
end

function on_set_arg(_, value)
    calls = value
    return true
end

function on_init()
    take_calls()
    return true
end

function on_capture_start()
    take_calls()
    return true
end

function on_event()
    take_calls()
    return next_byte() % 8 ~= 1
end

function on_interval()
    take_calls()
    return true
end

function on_capture_end()
    take_calls()
    return true
end
