echo "job $RAY_JOB_SUBMISSION_ID says $(cat words/greeting.txt)"
