-- The arguments of our chisels, declared once with their defaults. No chisel itself.
--
--   local options = require("lib_args")({
--       {name = "top", default = 10, description = "How many rows"},
--       {name = "by", default = "time", choices = {"time", "bytes"}, description = "The order"},
--   })
--   ... options.top, options.by
--
-- Sets the globals `args` and `on_set_arg`. All arguments are optional; one with a number as its
-- default takes whole numbers. What does not fit is said on standard error, and ends the run.

local function refuse(name, value, wanted)
    io.stderr:write(string.format("%s: '%s' is not %s\n", name, value, wanted))
    return false
end

local function is_among(value, choices)
    for _, choice in ipairs(choices) do
        if choice == value then return true end
    end
    return false
end

return function(declared)
    local options, by_name = {}, {}
    args = {}
    for i, argument in ipairs(declared) do
        local known = argument.choices and " (" .. table.concat(argument.choices, ", ") .. ")" or ""
        args[i] = {
            name = argument.name,
            description = argument.description .. known .. ". Default: " .. argument.default .. ".",
            argtype = type(argument.default) == "number" and "int" or "string",
            optional = true,
        }
        options[argument.name] = argument.default
        by_name[argument.name] = argument
    end

    function on_set_arg(name, value)
        local argument = by_name[name]
        if type(argument.default) == "number" then
            if not value:match("^%d+$") then return refuse(name, value, "a whole number") end
            value = tonumber(value)
        elseif argument.choices and not is_among(value, argument.choices) then
            return refuse(name, value, "one of " .. table.concat(argument.choices, ", "))
        end
        options[name] = value
        return true
    end

    return options
end
