namespace Strake.Grpc.Tests.Fuzz;

/// <summary>Spoils frames in the ways in which a broken or hostile program may. The same numbers give the same bytes.</summary>
static class Mutation
{
    public static byte[] Spoil(IEnumerable<byte[]> proper, Random random)
    {
        List<byte[]> frames = [.. proper.Select(static frame => frame.ToArray())];
        for (int count = random.Next(1, 5); count > 0; count--) Spoil(frames, random);
        byte[] all = [.. frames.SelectMany(static frame => frame)];
        // Now and then without regard for frames.
        if (random.Next(4) == 0) Flip(all, random);
        return random.Next(8) == 0 ? all[..random.Next(all.Length + 1)] : all;
    }

    static void Spoil(List<byte[]> frames, Random random)
    {
        if (frames.Count == 0) frames.Add(Any(random));
        int at = random.Next(frames.Count);
        switch (random.Next(8))
        {
            case 0: frames.Insert(at, Any(random)); break;
            case 1: frames.Insert(at, frames[random.Next(frames.Count)].ToArray()); break;
            case 2: frames.RemoveAt(at); break;
            case 3: (frames[at], frames[0]) = (frames[0], frames[at]); break;
            case 4: frames[at] = frames[at][..random.Next(frames[at].Length + 1)]; break;
            case 5 when frames[at].Length >= 9: frames[at][random.Next(9)] = (byte)random.Next(256); break;
            case 6 when frames[at].Length > 9: frames[at][random.Next(9, frames[at].Length)] = (byte)random.Next(256); break;
            default: Flip(frames[at], random); break;
        }
    }

    static void Flip(byte[] bytes, Random random)
    {
        for (int count = random.Next(1, 6); count > 0 && bytes.Length > 0; count--) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
    }

    // Any type, those that do not exist too; mostly of a length that is told truly.
    static byte[] Any(Random random)
    {
        var payload = new byte[random.Next(3) == 0 ? random.Next(20_000) : random.Next(40)];
        random.NextBytes(payload);
        byte[] frame = Http2Bytes.Frame((byte)random.Next(12), (byte)random.Next(256), random.Next(3) == 0 ? random.Next() : random.Next(6), payload);
        if (random.Next(10) == 0) frame[0] = (byte)random.Next(256);
        return frame;
    }
}
