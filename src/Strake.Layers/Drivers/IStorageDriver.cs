using Strake.Linux;

namespace Strake.Layers;

/// <summary>
/// Keeps layers on disk and stacks them. A driver knows directories and mounts; it sees no tar, no image, no record.
/// Which layers exist, in which state, and who needs them is the <see cref="LayerStore"/>'s to know.
/// </summary>
/// <remarks>
/// Laws, checked by the one behaviour suite that every driver passes:
/// <list type="number">
/// <item>Every call is idempotent by id: repeated after a crash at any point, it ends as if it had run once.</item>
/// <item>A layer is written through <see cref="Content"/> or through a mount of mode <see cref="LayerAccess.ReadWrite"/>,
/// until <see cref="Seal"/>; afterwards nothing changes it.</item>
/// <item>What is mounted shows the parents' files, lowest first, each hidden or replaced by what lies above.</item>
/// <item>No call waits for another layer's call; calls for different ids may run at once, for one id they do not.</item>
/// <item>The driver never removes a parent before its children: the store does not ask for it.</item>
/// <item><see cref="Probe"/> is called before all else but <see cref="List"/>, once a run.</item>
/// <item>A driver that holds mounts of its own while it is used is <see cref="IDisposable"/>, and takes them off then.</item>
/// </list>
/// <example>
/// <code>
/// driver.Create(id, parents);                                   // parents: top layer first
/// IReadOnlyList&lt;Mount&gt; mounts = driver.Mounts(id, parents, LayerAccess.ReadWrite, target);
/// foreach (Mount mount in mounts) mount.Attach();
/// …
/// driver.Seal([id]);
/// driver.Remove(id);
/// </code>
/// </example>
/// </remarks>
public interface IStorageDriver
{
    /// <summary>The name that users choose it by and that its directory bears: <c>overlay2</c>, <c>vfs</c>.</summary>
    string Name { get; }

    /// <summary>In what the driver differs from others. Callers ask this and never the name.</summary>
    StorageDriverTraits Traits { get; }

    /// <summary>Name and value pairs for <c>docker info</c>: backing file system, native diff and the like.</summary>
    IReadOnlyList<KeyValuePair<string, string>> Status { get; }

    /// <summary>What users should know before they rely on it, such as that it is set up for trying out alone; mostly nothing. Known after the probe.</summary>
    IReadOnlyList<string> Warnings => [];

    /// <summary>Tries whether this host can carry the driver, by doing once what it will do later.</summary>
    /// <exception cref="StrakeException">Unavailable: it cannot; names what is missing and the way out.</exception>
    void Probe();

    /// <summary>Makes an empty layer on top of <paramref name="parents"/>.</summary>
    /// <param name="id">The new layer.</param>
    /// <param name="parents">Committed layers, top layer first; empty for a lowest layer.</param>
    /// <exception cref="StrakeException">Exhausted: no space or no inodes. Invalid: too many parents for the driver.</exception>
    void Create(LayerId id, IReadOnlyList<LayerId> parents);

    /// <summary>
    /// Tells a driver that keeps layers independent of their parents
    /// (<see cref="StorageDriverTraits.WritesWithoutParents"/>) on which parents a layer written alone now lies. Others
    /// never get this call.
    /// </summary>
    /// <param name="id">A layer created with no parents.</param>
    /// <param name="parents">Committed layers, top layer first.</param>
    void Rebase(LayerId id, IReadOnlyList<LayerId> parents);

    /// <summary>
    /// Bounds what a layer may take beyond its parents. Drivers without <see cref="StorageDriverTraits.SizeLimit"/> never get this call.
    /// Whoever writes more gets ENOSPC or EDQUOT.
    /// </summary>
    /// <param name="id">A layer that was just created and that nothing has mounted.</param>
    /// <param name="limitBytes">The most; bytes on disk, more than 0.</param>
    /// <exception cref="StrakeException">Invalid: less than the driver's options allow. NotSupported: the file system below cannot.</exception>
    void LimitSize(LayerId id, long limitBytes);

    /// <summary>Where a layer's own content is written and read without a mount, and in which form.</summary>
    /// <param name="id">A created layer.</param>
    LayerContent Content(LayerId id);

    /// <summary>
    /// The mounts that show the layer on its parents at <paramref name="target"/>. Pure: touches nothing. Those before the last are
    /// scaffolding: whoever attaches them takes them off again as soon as the last one, which is at the target, is attached.
    /// </summary>
    /// <param name="id">A created layer.</param>
    /// <param name="parents">The parents it was created with, top layer first.</param>
    /// <param name="access">Whether the mount may be written.</param>
    /// <param name="target">An existing directory.</param>
    /// <returns>To be attached in order.</returns>
    IReadOnlyList<Mount> Mounts(LayerId id, IReadOnlyList<LayerId> parents, LayerAccess access, string target);

    /// <summary>
    /// Makes layers unchangeable and durable. Several at once, because one flush of the file system serves all of them: an image of five
    /// layers must not wait five times.
    /// </summary>
    /// <param name="ids">Created layers that nothing has mounted for writing.</param>
    /// <exception cref="StrakeException">Exhausted: the disk had no space after all. Unavailable: it failed.</exception>
    void Seal(IReadOnlyList<LayerId> ids);

    /// <summary>
    /// What the layer's own <see cref="Content"/> holds: its changes alone, or for a driver that keeps whole trees
    /// (<see cref="WhiteoutForm.Absent"/>) the whole tree. Costs a walk unless the file system counts.
    /// </summary>
    /// <param name="id">A created layer; may be written to meanwhile.</param>
    LayerUsage Measure(LayerId id);

    /// <summary>Removes the layer and all it wrote. A layer that does not exist is removed already.</summary>
    /// <param name="id">A layer that nothing mounts and no layer lies on.</param>
    void Remove(LayerId id);

    /// <summary>All layers that the driver finds on disk, whole or half there: what no record names is removed by the store.</summary>
    IReadOnlyList<LayerId> List();
}
