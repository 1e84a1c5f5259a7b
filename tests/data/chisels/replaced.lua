description = "Hands over to `values`."
short_description = "replaced"
category = "test"

function on_init()
    chisel.exec("values", "proc.name")
    return true
end
