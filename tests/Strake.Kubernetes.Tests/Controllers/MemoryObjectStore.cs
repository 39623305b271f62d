using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Tests.Controllers;

/// <summary>A store in memory that can die: from a chosen write on it refuses everything, as a daemon that was killed does.</summary>
sealed class MemoryObjectStore : IObjectStore
{
    readonly Lock gate = new();
    readonly Dictionary<ObjectId, StoredObject> objects = [];
    readonly List<Channel<ObjectChange>> watches = [];
    long revision;

    /// <summary>Told after each change, under the store's lock.</summary>
    public Action Changed { get; set; } = static () => { };

    /// <summary>How many writes there were.</summary>
    public int Writes { get; private set; }

    /// <summary>The number of writes after which it dies.</summary>
    public int DiesAfter { get; set; } = int.MaxValue;

    public ValueTask<ObjectList> ListAsync(IReadOnlyCollection<string> resources, CancellationToken cancellationToken)
    {
        lock (gate) return ValueTask.FromResult(new ObjectList(revision, [.. objects.Values.Where(item => resources.Contains(item.Id.Resource))]));
    }

    public ValueTask<IReadOnlyList<StoredObject>?> TryWriteAsync(IReadOnlyList<ObjectWrite> writes, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (Writes >= DiesAfter) throw StrakeException.Unavailable("the store is dead");
            if (writes.Any(write => (objects.GetValueOrDefault(write.Id)?.Revision ?? 0) != write.ExpectedRevision)) return ValueTask.FromResult<IReadOnlyList<StoredObject>?>(null);
            Writes++;
            revision++;
            return ValueTask.FromResult<IReadOnlyList<StoredObject>?>([.. writes.Select(Put).OfType<StoredObject>()]);
        }
    }

    public async IAsyncEnumerable<ObjectChange> WatchAsync(
        IReadOnlyCollection<string> resources, long afterRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateUnbounded<ObjectChange>();
        lock (gate)
        {
            // Tests write while no watch begins; what was written between the list and here is told as a whole.
            foreach (StoredObject item in objects.Values.Where(item => item.Revision > afterRevision).OrderBy(static item => item.Revision))
                channel.Writer.TryWrite(new ObjectChange(item.Id, item.Revision, item));
            watches.Add(channel);
        }

        await foreach (ObjectChange change in channel.Reader.ReadAllAsync(cancellationToken))
            if (resources.Contains(change.Id.Resource)) yield return change;
    }

    /// <summary>A user writes an object, whatever it was.</summary>
    public void Put(ObjectId id, string document)
    {
        lock (gate)
        {
            revision++;
            Put(new ObjectWrite(id, 0, JsonNode.Parse(document)!.AsObject()));
        }
    }

    /// <summary>A user deletes an object: it goes when nothing holds it any more.</summary>
    public void Delete(ObjectId id)
    {
        lock (gate)
        {
            JsonObject document = JsonNode.Parse(objects[id].Document.GetRawText())!.AsObject();
            document["metadata"]!["deletionTimestamp"] = "2026-01-01T12:00:00Z";
            revision++;
            Put(new ObjectWrite(id, 0, document));
        }
    }

    /// <summary>An object goes, whatever holds it.</summary>
    public void Remove(ObjectId id)
    {
        lock (gate)
        {
            revision++;
            Put(new ObjectWrite(id, 0, null));
        }
    }

    /// <summary>An object as it is now; null when there is none.</summary>
    public StoredObject? Find(ObjectId id)
    {
        lock (gate) return objects.GetValueOrDefault(id);
    }

    public IReadOnlyList<Claim> Claims() => Read(ObjectId.Claims, Claim.Read);

    public IReadOnlyList<PersistentVolume> Volumes() => Read(ObjectId.Volumes, PersistentVolume.Read);

    T[] Read<T>(string resource, Func<JsonElement, T> read)
    {
        lock (gate) return [.. objects.Values.Where(item => item.Id.Resource == resource).Select(item => read(item.Document))];
    }

    StoredObject? Put(ObjectWrite write)
    {
        bool goes = write.Document is null || (write.Document["metadata"]?["deletionTimestamp"] is not null && write.Document["metadata"]?["finalizers"] is not JsonArray { Count: > 0 });
        StoredObject? after = goes ? null : new StoredObject(write.Id, revision, Encoding.UTF8.GetBytes(write.Document!.ToJsonString()));
        if (after is null) objects.Remove(write.Id);
        else objects[write.Id] = after;
        foreach (Channel<ObjectChange> watch in watches) watch.Writer.TryWrite(new ObjectChange(write.Id, revision, after));
        Changed();
        return after;
    }
}
