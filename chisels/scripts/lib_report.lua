-- When our chisels print: at the end, and on a terminal every two seconds while live. No chisel
-- itself.
--
--   require("lib_report")(function() print("so far:", count) end)
--
-- Sets the globals `on_capture_start`, `on_interval` and `on_capture_end`. What is printed covers
-- the time from the start; in a pipe it is printed once, at the end.

local SECONDS = 2
local CLEAR = "\27[H\27[2J"

return function(print_report)
    local redraws = false

    local function show()
        if redraws then io.write(CLEAR) end
        print_report()
        io.flush()
    end

    function on_capture_start()
        redraws = sysdig.is_live() and sysdig.is_tty()
        if redraws then chisel.set_interval_s(SECONDS) end
        return true
    end

    function on_interval()
        show()
        return true
    end

    function on_capture_end()
        show()
    end
end
