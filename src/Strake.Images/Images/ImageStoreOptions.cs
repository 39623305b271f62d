namespace Strake.Images;

/// <summary>What an <see cref="ImageStore"/> works with. Nothing of it is disposed by the store.</summary>
public sealed record ImageStoreOptions
{
    /// <summary>The folder <c>image</c> under the data root; made if missing. The store owns <c>blobs/</c> and <c>ingest/</c> in it.</summary>
    public required string Directory { get; init; }

    /// <summary>The records.</summary>
    public required IStateStore State { get; init; }

    /// <summary>The layers.</summary>
    public required IImageLayers Layers { get; init; }

    /// <summary>Tells which containers use an image; null: none do.</summary>
    public IImageUsers? Users { get; init; }

    /// <summary>
    /// Called after each change, in its order, on the thread of whoever made it; must not block. The type is <c>image</c>, the
    /// actions are Docker's: load, save, import, pull, push, create, tag, untag, delete, prune. Null: nobody listens.
    /// </summary>
    public Action<EngineEvent>? Events { get; init; }

    /// <summary>
    /// Opens a repository of a registry for somebody, without asking the registry yet; null: there is no network, and pull and push are
    /// refused.
    /// </summary>
    public Func<ImageReference, RegistryCredentials?, IRemoteRepository>? Repositories { get; init; }

    /// <summary>Layers that are downloaded at once, in all pulls: a registry gives each connection a share, and six fill most lines.</summary>
    public int Downloads { get; init; } = 6;

    /// <summary>Layers that are sent at once, in all pushes.</summary>
    public int Uploads { get; init; } = 5;

    /// <summary>The platform whose images are chosen from an archive with several, and given to imported ones.</summary>
    public Platform Platform { get; init; } = Platform.Host;

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
