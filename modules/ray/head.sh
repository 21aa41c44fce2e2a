# Starts Ray's head, and runs the arguments as a command once it answers, again until that succeeds.
ray start --head --block --node-ip-address="$POD_IP" --port=6379 --dashboard-host=0.0.0.0 --dashboard-port=8265 \
    --num-cpus="$RAY_CPUS" --object-store-memory="$OBJECT_STORE_BYTES" --disable-usage-stats &
head=$!
if [ $# -gt 0 ]; then
    (
        until python /scripts/healthy.py; do sleep 1; done
        until "$@"; do
            echo "the start-up command failed, and is tried again: $*" >&2
            sleep 5
        done
    ) &
fi
# The container ends with Ray, and is started anew.
wait "$head"
