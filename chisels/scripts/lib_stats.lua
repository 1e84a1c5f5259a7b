-- Durations summed up in little memory: counts, totals, percentiles, by key. No chisel itself.
--
--   local stats = require("lib_stats")
--   local group = stats.group()
--   stats.add(group:entry("wget", {name = "wget"}), latency)
--   for _, entry in ipairs(group:top(10, "total")) do print(entry.name, stats.at(entry, 0.95)) end
--
-- An entry: count, total, max (ns), and a histogram of 16 buckets per power of two, from which
-- percentiles are read: at most 7 % above the true value, never above the maximum.

local stats = {}

local STEPS = 16
local MOST_KEYS = 20000
local OTHERS = "(others)"

local function bucket_of(ns)
    local mantissa, exponent = math.frexp(ns)
    return exponent * STEPS + math.floor((mantissa - 0.5) * 2 * STEPS)
end

local function bucket_end(index)
    local step = index % STEPS
    return math.ldexp(0.5 + (step + 1) / (2 * STEPS), (index - step) / STEPS)
end

function stats.entry(fields)
    local entry = {count = 0, total = 0, max = 0, buckets = {}}
    for key, value in pairs(fields or {}) do entry[key] = value end
    return entry
end

function stats.add(entry, ns)
    local bucket = bucket_of(ns)
    entry.count = entry.count + 1
    entry.total = entry.total + ns
    entry.max = math.max(entry.max, ns)
    entry.buckets[bucket] = (entry.buckets[bucket] or 0) + 1
end

-- The duration that the given part (0.95: 95 %) of all does not exceed.
function stats.at(entry, part)
    local indices, passed = {}, 0
    for index in pairs(entry.buckets) do indices[#indices + 1] = index end
    table.sort(indices)
    for _, index in ipairs(indices) do
        passed = passed + entry.buckets[index]
        if passed >= part * entry.count then return math.min(bucket_end(index), entry.max) end
    end
    return entry.max
end

-- The counts by powers of two: {{from, to, count}...} without gaps, in ns.
function stats.histogram(entry)
    local counts, first, last = {}, math.huge, -math.huge
    for index, count in pairs(entry.buckets) do
        local power = math.floor(index / STEPS)
        counts[power] = (counts[power] or 0) + count
        first, last = math.min(first, power), math.max(last, power)
    end
    local rows = {}
    for power = first, last do
        rows[#rows + 1] = {2 ^ (power - 1), 2 ^ power, counts[power] or 0}
    end
    return rows
end

local Group = {}
Group.__index = Group

-- Entries by key, 20000 at most: what comes later is summed up in one entry named "(others)".
function stats.group()
    return setmetatable({entries = {}, size = 0}, Group)
end

-- The entry of a key; a new one gets the fields.
function Group:entry(key, fields)
    local entry = self.entries[key]
    if entry then return entry end
    if self.size >= MOST_KEYS then
        self.others = self.others or stats.entry({name = OTHERS, process = OTHERS})
        return self.others
    end
    self.size = self.size + 1
    entry = stats.entry(fields)
    entry.key = key
    self.entries[key] = entry
    return entry
end

-- The first entries by falling `field`, with p50, p95 and p99 filled in. Ties go by key.
function Group:top(number, field)
    local found = {}
    for _, entry in pairs(self.entries) do
        if field:match("^p%d+$") then entry[field] = stats.at(entry, field:sub(2) / 100) end
        found[#found + 1] = entry
    end
    table.sort(found, function(a, b)
        local of_a, of_b = a[field] or 0, b[field] or 0
        if of_a ~= of_b then return of_a > of_b end
        return a.key < b.key
    end)
    while #found > number do table.remove(found) end
    if self.others then found[#found + 1] = self.others end
    for _, entry in ipairs(found) do
        entry.p50, entry.p95, entry.p99 = stats.at(entry, 0.5), stats.at(entry, 0.95),
                                          stats.at(entry, 0.99)
    end
    return found
end

return stats
