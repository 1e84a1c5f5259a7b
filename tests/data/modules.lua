-- Prints what the modules that our chisels share (chisels/scripts/lib_*.lua) make of known input.
-- Run as a chisel, by a text case.

description = "What the modules of our chisels make of known input"

local text = require("lib_text")
local stats = require("lib_stats")
local dns = require("lib_dns")

local function check_text()
    local durations, amounts = {}, {}
    for i, ns in ipairs({0, 999, 1000, 999499, 1e6, 59.9e9, 60e9, 3661e9}) do
        durations[i] = text.duration(ns)
    end
    for i, bytes in ipairs({0, 1023, 1024, 1023 * 1024, 2 ^ 40}) do
        amounts[i] = text.bytes(bytes)
    end
    print(text.list(durations))
    print(text.list(amounts))
    print(text.clean("a\27[31mb\nc\0d\127 é \194\155"))
    print("[" .. text.bar(1, 1000, 10) .. "] [" .. text.bar(10, 10, 10) .. "] [" ..
        text.bar(0, 10, 10) .. "]")
end

local function check_stats()
    local entry = stats.entry()
    for ns = 1, 1000 do stats.add(entry, ns) end
    print(entry.count, entry.total, entry.max, stats.at(entry, 0.5), stats.at(entry, 0.99))
    local group = stats.group()
    for i = 1, 30000 do stats.add(group:entry("key" .. i), 1) end
    print(group.size, group.others.count, #group:top(3, "count"))
end

local function name(dotted)
    local labels = dotted:gsub("([^.]+)%.?", function(label)
        return string.char(#label) .. label
    end)
    return labels .. "\0"
end

local HEADER = "\0\1\129\128\0\1\0\3\0\0\0\0"  -- an answer with one question and three records
local ANSWER = HEADER .. name("www.Example.org") .. "\0\1\0\1" ..
    "\192\12\0\5\0\1\0\0\0\60\0\6\3cdn\192\16" ..
    "\192\45\0\1\0\1\0\0\0\60\0\4\192\0\2\1" ..
    "\192\45\0\28\0\1\0\0\0\60\0\16\32\1\13\184" .. ("\0"):rep(11) .. "\1"

local function show(what, data, is_tcp)
    local answers = dns.answers(data, is_tcp)
    io.write(what, ":")
    for _, answer in ipairs(answers or {}) do io.write(" ", answer.name, "=", answer.address) end
    print(answers and "" or " not an answer")
end

local function check_dns()
    show("whole", ANSWER)
    show("TCP", "\0\84" .. ANSWER, true)
    show("cut short", ANSWER:sub(1, -2))
    show("a question", "\0\1\1\0" .. ANSWER:sub(5))
    show("a name that points to itself", HEADER .. "\192\12\0\1\0\1")
    show("a record of another name", HEADER .. name("a.org") .. "\0\1\0\1" .. name("b.org") ..
        "\0\1\0\1\0\0\0\60\0\4\192\0\2\1")
    show("nothing", "")
    math.randomseed(1)
    for _ = 1, 20000 do
        local data = ANSWER
        for _ = 1, 3 do
            local at = math.random(#data)
            data = data:sub(1, at - 1) .. string.char(math.random(0, 255)) .. data:sub(at + 1)
        end
        dns.answers(data:sub(1, math.random(#data)))
    end
    print("damaged answers: no error")
end

function on_init()
    check_text()
    check_stats()
    check_dns()
    return true
end

function on_event()
    sysdig.end_capture()
    return true
end
