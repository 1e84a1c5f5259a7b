-- Reads DNS answers: which addresses a name was said to have. No chisel itself.
--
--   local answers = require("lib_dns").answers(data, is_tcp)
--   for _, answer in ipairs(answers or {}) do print(answer.name, answer.address) end
--
-- The data are whatever a process received from port 53, perhaps cut short by the recorder: nothing
-- is believed. Every read is checked against the end, a name has at most 255 bytes and 64 jumps, a
-- message at most 64 records. What is malformed gives nil, what is cut short the answers before the
-- cut. The format is that of RFC 1035, section 4.

local dns = {}

local MOST_RECORDS, MOST_JUMPS, LONGEST_NAME = 64, 64, 255
local A, CNAME, AAAA = 1, 5, 28

local function u16(data, at)
    local high, low = data:byte(at, at + 1)
    return low and high * 256 + low
end

-- The name at a position, and the position behind it; nil if it is not one.
local function name_at(data, at)
    local labels, length, jumps, behind = {}, 0, 0, nil
    while true do
        local size = data:byte(at)
        if not size then return nil end
        if size == 0 then
            return table.concat(labels, "."):lower(), behind or at + 1
        elseif size >= 0xC0 then  -- a pointer: the rest of the name is elsewhere, further ahead
            local target = u16(data, at)
            jumps = jumps + 1
            if not target or jumps > MOST_JUMPS then return nil end
            behind, at = behind or at + 2, target % 0x4000 + 1
        else
            length = length + size + 1
            if size > 63 or length > LONGEST_NAME or at + size > #data then return nil end
            labels[#labels + 1] = data:sub(at + 1, at + size)
            at = at + size + 1
        end
    end
end

local function ipv4(data)
    return string.format("%d.%d.%d.%d", data:byte(1, 4))
end

-- As inet_ntop writes it: the longest run of zero groups, of two at least, becomes "::".
local function ipv6(data)
    local groups, best, best_size, run = {}, 0, 1, 0
    for i = 1, 8 do
        groups[i] = u16(data, 2 * i - 1)
        run = groups[i] == 0 and run + 1 or 0
        if run > best_size then best, best_size = i - run + 1, run end
    end
    local text = ""
    for i = 1, 8 do
        if best > 0 and i >= best and i < best + best_size then
            if i == best then text = text .. "::" end
        else
            local joined = text == "" or text:sub(-1) == ":"
            text = text .. (joined and "" or ":") .. string.format("%x", groups[i])
        end
    end
    return text
end

-- Of one record: its owner, type, data and the position behind it; nil at the end of the data.
local function record_at(data, at)
    local owner, behind = name_at(data, at)
    local size = behind and u16(data, behind + 8)
    if not size or behind + 9 + size > #data then return nil end
    local from = behind + 10
    return owner, u16(data, behind), from, size, from + size
end

local function message(data)
    local flags, questions, records = u16(data, 3), u16(data, 5), u16(data, 7)
    if not records or flags < 0x8000 or questions ~= 1 then return nil end
    local asked, at = name_at(data, 13)
    if not asked or asked == "" then return nil end
    at = at + 4
    local found, aliases = {}, {[asked] = true}
    for _ = 1, math.min(records, MOST_RECORDS) do
        local owner, kind, from, size, behind = record_at(data, at)
        if not owner then break end
        if kind == CNAME and aliases[owner] then
            local target = name_at(data, from)
            if target then aliases[target] = true end
        elseif aliases[owner] and kind == A and size == 4 then
            found[#found + 1] = {name = asked, address = ipv4(data:sub(from, from + 3))}
        elseif aliases[owner] and kind == AAAA and size == 16 then
            found[#found + 1] = {name = asked, address = ipv6(data:sub(from, from + 15))}
        end
        at = behind
    end
    return found
end

-- {name = what was asked for, address = ...} for each address in an answer. With TCP a length goes
-- before the message, which some programs read on its own.
function dns.answers(data, is_tcp)
    return message(data) or (is_tcp and message(data:sub(3))) or nil
end

return dns
