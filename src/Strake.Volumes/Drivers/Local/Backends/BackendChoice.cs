namespace Strake.Volumes;

/// <summary>Which backend keeps a volume: the one that its maker asked for, or the first that can.</summary>
/// <param name="limiting">Backends that enforce limits, the best first.</param>
/// <param name="plain">The one for volumes without limits.</param>
/// <param name="block">The one for volumes that are devices.</param>
sealed class BackendChoice(IReadOnlyList<IVolumeBackend> limiting, DirectoryBackend plain, BlockBackend block)
{
    /// <summary>A backend by its name.</summary>
    /// <exception cref="StrakeException">Invalid: there is none of that name.</exception>
    public IVolumeBackend Named(string name) =>
        name == plain.Name ? plain
        : name == block.Name ? block
        : limiting.FirstOrDefault(backend => backend.Name == name)
            ?? throw StrakeException.Invalid($"invalid backend: '{name}' is none of auto, {string.Join(", ", limiting.Select(static backend => backend.Name).Prepend(plain.Name).Append(block.Name))}");

    /// <summary>The backend for a new volume.</summary>
    /// <exception cref="StrakeException">Invalid: it is unknown. NotSupported: the host cannot do it; says what it lacks.</exception>
    public IVolumeBackend For(LocalOptions options)
    {
        if (options.Backend != LocalOptions.Automatic)
        {
            IVolumeBackend asked = Named(options.Backend);
            return asked.Refusal(options) is { } why ? throw StrakeException.NotSupported($"backend {asked.Name}: {why}") : asked;
        }

        if (!options.Limits.Any)
            return plain;
        List<string> reasons = [];
        foreach (IVolumeBackend backend in limiting)
        {
            if (backend.Refusal(options) is not { } why)
                return backend;
            reasons.Add($"{backend.Name}: {why}");
        }

        throw StrakeException.NotSupported($"no backend can keep the volume within its limits: {string.Join("; ", reasons)}");
    }
}
