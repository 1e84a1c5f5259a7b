description = "Prints what is known of the first thread with a name, and of the machine."
short_description = "tables"
category = "test"
args = { { name = "filter", description = "of threads", argtype = "filter", optional = true } }

function on_set_arg(_, value)
    filter = value
    return true
end

function on_init() return true end

function on_event()
    sysdig.end_capture()
    return true
end

function on_capture_end()
    local tids = {}
    local threads = sysdig.get_thread_table(filter)
    for tid in pairs(threads) do tids[#tids + 1] = tid end
    table.sort(tids)
    for _, tid in ipairs(tids) do
        local t = threads[tid]
        local fds = {}
        for fd, what in pairs(t.fdtable) do fds[#fds + 1] = fd .. "=" .. what.type .. ":" .. what.name end
        table.sort(fds)
        print(t.tid, t.pid, t.ptid, t.comm, t.exe, t.username, #t.args, table.concat(fds, " "))
    end
    local machine = sysdig.get_machine_info()
    print(machine.num_cpus, machine.hostname, sysdig.is_live(), sysdig.get_filter(),
          sysdig.get_output_format())
    print(sysdig.add_ts("9223372036854775807", "1"), sysdig.subtract_ts("5", "7"))
    print(#sysdig.get_container_table(), sysdig.get_terminal_info().width)
end
