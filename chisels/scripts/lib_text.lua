-- What our chisels share for printing: amounts with units, bars, tables, JSON. No chisel itself.
--
--   local text = require("lib_text")
--   text.print_table({{key = "ns", title = "TIME", right = true, show = text.duration},
--                     {key = "name", title = "NAME"}}, {{ns = 1500, name = "wget"}})
--
-- Names and data come from whoever was traced: what goes to a terminal passes text.clean().

local text = {}

-- Bytes that a terminal might obey become \xHH; UTF-8 stays.
function text.clean(value)
    value = tostring(value)
    if not value:find("[%z\1-\31\127\194]") then return value end
    local cleaned = value:gsub("[%z\1-\31\127]", function(byte)
        return string.format("\\x%02X", byte:byte())
    end)
    return (cleaned:gsub("\194([\128-\159])", function(byte)
        return string.format("\\xC2\\x%02X", byte:byte())
    end))
end

local function three_digits(value, unit)
    local digits = value < 9.995 and 2 or value < 99.95 and 1 or 0
    return string.format("%." .. digits .. "f%s", value, unit)
end

-- Nanoseconds as 950ns, 12.3us, 4.56ms, 1.23s, 2m05s, 3h07m.
function text.duration(ns)
    if ns < 1e3 then return string.format("%dns", ns) end
    if ns < 999.5e3 then return three_digits(ns / 1e3, "us") end
    if ns < 999.5e6 then return three_digits(ns / 1e6, "ms") end
    if ns < 60e9 then return three_digits(ns / 1e9, "s") end
    local seconds = math.floor(ns / 1e9)
    if seconds < 3600 then
        return string.format("%dm%02ds", math.floor(seconds / 60), seconds % 60)
    end
    return string.format("%dh%02dm", math.floor(seconds / 3600), math.floor(seconds / 60) % 60)
end

-- Nanoseconds from the start of the trace, as seconds.
function text.seconds(ns)
    return string.format("%.6f", ns / 1e9)
end

-- Bytes as 71B, 4.00K, 1.25M, in steps of 1024.
function text.bytes(count)
    if count < 1024 then return string.format("%dB", count) end
    local value, units = count, {"K", "M", "G", "T", "P", "E"}
    for _, unit in ipairs(units) do
        value = value / 1024
        if value < 999.5 then return three_digits(value, unit) end
    end
    return three_digits(value, "E")
end

-- A bar of at most `width` characters; what is not 0 is at least one long.
function text.bar(part, whole, width)
    if part <= 0 or whole <= 0 then return "" end
    return string.rep("#", math.max(1, math.floor(part / whole * width + 0.5)))
end

-- Adds what is not in the list yet. Beyond `most` items there is a last one, "...".
function text.add_once(list, item, most)
    for _, known in ipairs(list) do
        if known == item then return end
    end
    if #list <= most then list[#list + 1] = #list < most and item or "..." end
end

function text.list(list)
    return table.concat(list, ", ")
end

-- How wide text is on a terminal: continuation bytes of UTF-8 take no place.
local function width_of(value)
    return #value - select(2, value:gsub("[\128-\191]", ""))
end

local function aligned(value, width, right)
    local blanks = string.rep(" ", math.max(0, width - width_of(value)))
    return right and blanks .. value or value .. blanks
end

local function json_value(value)
    if type(value) == "number" then
        return value == math.floor(value) and string.format("%.0f", value) or tostring(value)
    end
    if type(value) == "boolean" then return tostring(value) end
    if type(value) == "table" then
        local parts = {}
        for i, item in ipairs(value) do parts[i] = json_value(item) end
        return "[" .. table.concat(parts, ",") .. "]"
    end
    return '"' .. tostring(value):gsub('[%c"\\]', function(c)
        return string.format("\\u%04x", c:byte())
    end) .. '"'
end

function text.is_json()
    return sysdig.get_output_format() == "json"
end

-- One JSON object a line, with the columns' keys in their order.
local function print_json(columns, rows)
    for _, row in ipairs(rows) do
        local parts = {}
        for _, column in ipairs(columns) do
            if row[column.key] ~= nil then
                parts[#parts + 1] = json_value(column.key) .. ":" .. json_value(row[column.key])
            end
        end
        print("{" .. table.concat(parts, ",") .. "}")
    end
end

-- Prints rows (tables by column key) under titles, aligned; with -j, as JSON with plain numbers.
-- A column: key, title, right (aligned there), show (value -> text), widest (what is wider breaks
-- the alignment of its line alone). A value of nil shows as "-".
function text.print_table(columns, rows)
    if text.is_json() then return print_json(columns, rows) end
    local lines, widths = {{}}, {}
    for c, column in ipairs(columns) do
        lines[1][c], widths[c] = column.title, #column.title
        for r, row in ipairs(rows) do
            local value = row[column.key]
            local shown = value == nil and "-" or text.clean((column.show or tostring)(value))
            lines[r + 1] = lines[r + 1] or {}
            lines[r + 1][c] = shown
            widths[c] = math.max(widths[c], math.min(width_of(shown), column.widest or 1000))
        end
    end
    for _, line in ipairs(lines) do
        for c, column in ipairs(columns) do
            line[c] = aligned(line[c], widths[c], column.right)
        end
        print((table.concat(line, "  "):gsub("%s+$", "")))
    end
end

return text
