"""Many asyncio tasks pass messages through queues."""

import asyncio
import sys

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 100


async def worker(source, target):
    while (message := await source.get()) is not None:
        await target.put((message[0] + 1, f"{message[1]}."))
    await target.put(None)


async def pipeline(messages, stages):
    queues = [asyncio.Queue(10) for _ in range(stages + 1)]
    tasks = [asyncio.create_task(worker(*pair)) for pair in zip(queues, queues[1:])]

    async def feed():
        for i in range(messages):
            await queues[0].put((i, ""))
        await queues[0].put(None)

    tasks.append(asyncio.create_task(feed()))
    while await queues[-1].get() is not None:
        pass
    await asyncio.gather(*tasks)


for _ in range(ROUNDS):
    asyncio.run(pipeline(200, 50))
