description = "Fails at the third event, and says at the end how many it saw."
short_description = "gathers"
category = "test"
args = {}

local seen = 0

function on_init() return true end

function on_event()
    seen = seen + 1
    if seen == 3 then error("as asked") end
    return true
end

function on_capture_end()
    print(seen .. " events")
    return true
end
