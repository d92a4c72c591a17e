-- Creates a repository through the API server again and again, as a dry run, and counts the answers that it should give.
local counter = 0
local threads = {}

function setup(thread)
  counter = counter + 1
  thread:set("number", counter)
  table.insert(threads, thread)
end

function init()
  wrong, first = 0, ""
  expected = tonumber(os.getenv("EXPECTED"))
  words = os.getenv("WORDS")
  local body = assert(io.open(os.getenv("OBJECT"), "rb")):read("*a")
  local headers = {["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. os.getenv("TOKEN")}
  message = wrk.format("POST", os.getenv("TARGET"), headers, body)
end

function request()
  return message
end

function response(status, headers, body)
  if status ~= expected or not body:find(words, 1, true) then
    wrong = wrong + 1
    if first == "" then first = status .. " " .. body:sub(1, 300) end
  end
end

function done(summary, latency)
  local errors = summary.errors
  local wrong, first = 0, ""
  for _, thread in ipairs(threads) do
    wrong = wrong + thread:get("wrong")
    if first == "" then first = thread:get("first") end
  end
  print(string.format('{"requests": %d, "wrong": %d, "cut": %d, "first": %q, "p50": %f, "p99": %f, "max": %f}',
    summary.requests, wrong, errors.connect + errors.read + errors.write + errors.timeout, first:gsub("[\n\\]", " "),
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3))
end
