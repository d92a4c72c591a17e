-- Posts reviews, every tenth of which is to be denied. The files are in ALLOWED and DENIED.
local function review(name)
  local body = assert(io.open(os.getenv(name), "rb")):read("*a")
  return wrk.format("POST", "/validate", {["Content-Type"] = "application/json"}, body)
end

local allowed, denied, count

function init()
  allowed, denied, count = review("ALLOWED"), review("DENIED"), 0
end

function request()
  count = count + 1
  return count % 10 == 0 and denied or allowed
end

function done(summary)
  local errors = summary.errors
  print(string.format('{"requests": %d, "errors": %d}', summary.requests,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
