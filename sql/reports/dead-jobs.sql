-- Work that was given up and waits for an operator: `uncloud job retry ID` gives it a new start.
SELECT j.id, j.kind, CAST(j.target AS CHAR) AS target, j.attempts, j.last_error, CAST(j.finished_at AS CHAR) AS given_up_at
FROM jobs j
WHERE j.state = 'dead'
ORDER BY j.finished_at
