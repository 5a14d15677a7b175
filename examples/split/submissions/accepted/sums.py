def split(numbers):
    ways = {0: []}
    for place, number in enumerate(numbers):
        more = {total + number: places + [place] for total, places in ways.items()}
        ways = {**more, **ways}
    half, odd = divmod(sum(numbers), 2)
    if odd or half not in ways:
        return None
    chosen = set(ways[half])
    first = [number for place, number in enumerate(numbers) if place in chosen]
    second = [number for place, number in enumerate(numbers) if place not in chosen]
    return first, second
