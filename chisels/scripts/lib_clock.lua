-- The time of the current event, counted from the first event of the trace. No chisel itself.
--
--   local now = require("lib_clock")
--   ... now() ...    -- in on_event: nanoseconds, as a number that is exact for 104 days

local first_seconds, first_nanoseconds

return function()
    local seconds, nanoseconds = evt.get_ts()
    if not first_seconds then
        local first = sysdig.get_firstevent_ts()
        first_seconds, first_nanoseconds = seconds, nanoseconds
        if #first > 9 then
            first_seconds, first_nanoseconds = tonumber(first:sub(1, -10)), tonumber(first:sub(-9))
        end
    end
    return (seconds - first_seconds) * 1e9 + nanoseconds - first_nanoseconds
end
