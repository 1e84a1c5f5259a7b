description = "Never comes back from its second event."
short_description = "runs away"
category = "test"

local events = 0

function on_init() return true end

function on_event()
    events = events + 1
    print("event", events)
    while events == 2 do end
    return true
end
