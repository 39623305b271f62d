namespace Strake.Images;

/// <summary>The pulls that are under way: who comes for a layer that another fetches joins him.</summary>
sealed class PullSessions(IImageLayers layers, LayerDownload download)
{
    readonly Lock _gate = new();
    readonly List<PullSession> _open = [];

    /// <summary>Enters the session that has one of these blobs, or a new one. Each entry is left once.</summary>
    public PullSession Enter(IReadOnlyCollection<Digest> blobs)
    {
        lock (_gate)
        {
            var session = _open.Find(s => s.Blobs.Overlaps(blobs));
            if (session is null) _open.Add(session = new PullSession(layers.BeginIngest(), download));
            session.Blobs.UnionWith(blobs);
            session.Members++;
            return session;
        }
    }

    /// <summary>Leaves a session; the last one ends it, and what was received and is in no image goes.</summary>
    public async Task LeaveAsync(PullSession session)
    {
        lock (_gate)
        {
            if (--session.Members > 0) return;
            _open.Remove(session);
        }

        await session.EndAsync();
    }
}
