-- Posts one AdmissionReview again and again, and prints the round's figures as JSON. The review's file is in REVIEW.
wrk.method = "POST"
wrk.body = assert(io.open(os.getenv("REVIEW"), "rb")):read("*a")
wrk.headers["Content-Type"] = "application/json"

function done(summary, latency, requests)
  local errors = summary.errors
  print(string.format(
    '{"requests": %d, "seconds": %f, "errors": %d, "p50": %f, "p99": %f, "p99.9": %f}',
    summary.requests, summary.duration / 1e6,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency:percentile(99.9) / 1e3))
end
