-- A flame graph as one SVG file on standard output. No chisel itself.
--
--   require("lib_svg")({"sh;wget;read"}, {["sh;wget;read"] = 1200}, "Time in calls", show)
--
-- Takes the folded stacks in their order, the weight of each, a heading, and a function from weight
-- to text. The root is at the bottom; pointing at a frame shows its name, weight and share, and a
-- click on it widens it (a click on the root frame goes back).

local WIDTH, ROW, MARGIN, TOP = 1200, 17, 10, 40
local NARROWEST = 0.1  -- pixels; what is narrower is left out
local LETTER = 6.6     -- pixels of a letter, about

local ESCAPES = {["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;"}

local SCRIPT = [[
var all = [].slice.call(document.querySelectorAll("g.f"));
function fit(g, x, w) {
  var r = g.querySelector("rect"), t = g.querySelector("text"), n = g.getAttribute("data-n");
  g.style.display = w < 0.1 ? "none" : "";
  r.setAttribute("x", x); r.setAttribute("width", w); t.setAttribute("x", x + 3);
  var fits = Math.floor((w - 4) / LETTER);
  t.textContent = fits < 3 ? "" : n.length <= fits ? n : n.slice(0, fits - 1) + "\u2026";
}
function zoom(to) {
  var x0 = +to.getAttribute("data-x"), w0 = +to.getAttribute("data-w");
  all.forEach(function (g) {
    var x = +g.getAttribute("data-x"), w = +g.getAttribute("data-w");
    var a = Math.max(x, x0), b = Math.min(x + w, x0 + w0), k = FULL / w0;
    fit(g, MARGIN + (a - x0) * k, Math.max(0, b - a) * k);
  });
}
all.forEach(function (g) { g.addEventListener("click", function () { zoom(g); }); });
]]

-- Names may hold any bytes, an SVG only valid UTF-8.
local function escaped(value)
    return (value:gsub("[\128-\255]", "?"):gsub('[&<>"]', ESCAPES))
end

-- The frames as a tree: name, weight, children in the order of the stacks.
local function tree_of(stacks, weights)
    local root, depth = {name = "all", weight = 0, children = {}, by_name = {}}, 1
    for _, stack in ipairs(stacks) do
        local node, level = root, 1
        root.weight = root.weight + weights[stack]
        for name in stack:gmatch("[^;]+") do
            local child = node.by_name[name]
            if not child then
                child = {name = name, weight = 0, children = {}, by_name = {}}
                node.by_name[name] = child
                table.insert(node.children, child)
            end
            child.weight = child.weight + weights[stack]
            node, level = child, level + 1
        end
        depth = math.max(depth, level)
    end
    return root, depth
end

-- A warm colour that a name always gets, so that the same call looks the same everywhere.
local function colour_of(name)
    local hash = 7
    for i = 1, #name do hash = (hash * 31 + name:byte(i)) % 65521 end
    return string.format("rgb(%d,%d,%d)", 215 + hash % 40, 100 + math.floor(hash / 40) % 110,
        50 + math.floor(hash / 4400) % 40)
end

local function print_frame(node, x, width, y, share, show)
    local fits = math.floor((width - 4) / LETTER)
    local name = escaped(node.name)
    local label = fits < 3 and "" or #node.name <= fits and name or
        escaped(node.name:sub(1, fits - 1)) .. "…"
    print(string.format('<g class="f" data-n="%s" data-x="%.2f" data-w="%.2f"><title>%s: %s, ' ..
        '%.1f%%</title><rect x="%.2f" y="%d" width="%.2f" height="%d" fill="%s"/>' ..
        '<text x="%.2f" y="%d">%s</text></g>', name, x, width, name, escaped(show(node.weight)),
        share * 100, x + MARGIN, y, width, ROW - 1, colour_of(node.name), x + MARGIN + 3, y + 12,
        label))
end

return function(stacks, weights, heading, show)
    local root, depth = tree_of(stacks, weights)
    local full, height = WIDTH - 2 * MARGIN, TOP + depth * ROW + MARGIN
    print(string.format('<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/' ..
        '2000/svg" width="%d" height="%d" viewBox="0 0 %d %d">', WIDTH, height, WIDTH, height))
    print("<style>text{font:11px monospace;pointer-events:none}rect{rx:1}g.f{cursor:pointer}" ..
        "g.f:hover rect{stroke:#000}</style>")
    print(string.format('<rect width="%d" height="%d" fill="#fdfcf4"/>', WIDTH, height))
    print(string.format('<text x="%d" y="24" style="font:16px sans-serif">%s: %s</text>', MARGIN,
        escaped(heading), escaped(show(root.weight))))
    local function draw(node, x, level)
        local width = root.weight > 0 and node.weight / root.weight * full or full
        if width < NARROWEST then return end
        print_frame(node, x, width, height - MARGIN - level * ROW, width / full, show)
        for _, child in ipairs(node.children) do
            draw(child, x, level + 1)
            x = x + child.weight / root.weight * full
        end
    end
    draw(root, 0, 1)
    local script = SCRIPT:gsub("LETTER", LETTER):gsub("FULL", full):gsub("MARGIN", MARGIN)
    print("<script>//<![CDATA[\n" .. script .. "//]]></script>\n</svg>")
end
