description = "Prints fields with their Lua types."
short_description = "values"
category = "test"
args = { { name = "field", description = "a field", argtype = "string" } }

function on_set_arg(_, value)
    field = value
    return true
end

function on_init()
    handle = chisel.request_field(field)
    return true
end

function on_event()
    local value = evt.field(handle)
    print(type(value), tostring(value))
    return true
end
