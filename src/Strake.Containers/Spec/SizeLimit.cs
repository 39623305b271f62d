namespace Strake.Containers.Spec;

/// <summary>Reads <c>--storage-opt size=…</c>.</summary>
static class SizeLimit
{
    /// <summary>The most that the container's layer may hold; null: what the disk has.</summary>
    /// <exception cref="StrakeException">Invalid or NotSupported: names the option.</exception>
    public static long? Of(HostSettings host)
    {
        long? limit = null;
        foreach ((string name, string value) in host.StorageOpt ?? new Dictionary<string, string>())
        {
            if (name != "size")
                throw StrakeException.NotSupported($"HostConfig.StorageOpt {name} is not supported yet");
            limit = ByteSize.TryParse(value) ?? throw StrakeException.Invalid($"invalid size: '{value}'");
        }

        return limit;
    }
}
