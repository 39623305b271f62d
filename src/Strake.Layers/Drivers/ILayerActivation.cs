namespace Strake.Layers;

/// <summary>An ability of drivers whose layers can only be mounted after something was made ready, such as a device.</summary>
/// <example>
/// <code>
/// using (activation.Activate(id))
///     foreach (Mount mount in driver.Mounts(id, parents, LayerAccess.ReadWrite, target)) mount.Attach();
/// // Mounted, and stays so: what was made ready goes with the mount.
/// </code>
/// </example>
public interface ILayerActivation
{
    /// <summary>Makes a layer ready to be mounted until the result is disposed; a mount made meanwhile keeps what it needs.</summary>
    /// <param name="id">A created layer. It may be active already; each activation is disposed by itself.</param>
    /// <exception cref="StrakeException">Unavailable, Exhausted or DataLoss: it cannot be.</exception>
    IDisposable Activate(LayerId id);
}
