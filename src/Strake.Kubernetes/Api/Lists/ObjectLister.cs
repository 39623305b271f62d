using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Api;

/// <summary>Lists in parts. All parts are of one revision: the first part's list is held for a while, which costs references alone.</summary>
/// <param name="objects">The objects.</param>
/// <param name="time">The clock of what is held.</param>
public sealed class ObjectLister(ObjectStore objects, TimeProvider time)
{
    const int MostHeld = 32;
    static readonly TimeSpan s_heldFor = TimeSpan.FromMinutes(5);

    readonly Lock gate = new();
    readonly Dictionary<(string Kind, string? Namespace, long Revision), (ObjectList List, long Since)> held = [];

    /// <summary>Lists.</summary>
    /// <exception cref="StatusException">Expired: the version is not remembered any more. BadRequest: a parameter makes no sense.</exception>
    public async Task<ListPage> ListAsync(ListRequest request, CancellationToken cancellationToken)
    {
        Selection selection = request.Selection;
        (ObjectList list, string after) = request.Continue.Length > 0
            ? await ResumeAsync(request, cancellationToken)
            : (await BeginAsync(request, cancellationToken), "");
        var items = new List<StoredObject>();
        for (int i = FirstAfter(list, after); i < list.Items.Count; i++)
        {
            StoredObject item = list.Items[i];
            if (!selection.Matches(item)) continue;
            if (request.Limit == 0 || items.Count < request.Limit)
            {
                items.Add(item);
                continue;
            }

            Hold(selection, list);
            bool isAll = selection.Labels.IsEmpty && selection.Fields.IsEmpty;
            return new(list.Revision, items, Token(list.Revision, KeyOf(items[^1])), isAll ? list.Items.Count - i : null);
        }

        return new(list.Revision, items, "", null);
    }

    async Task<ObjectList> BeginAsync(ListRequest request, CancellationToken cancellationToken)
    {
        ObjectList list = await objects.ListAsync(request.Selection.Kind, request.Selection.Namespace, cancellationToken);
        if (request.ResourceVersion.Length == 0) return list;
        long asked = VersionOf(request.ResourceVersion);
        if (asked > list.Revision)
            throw new StatusException(new(504, "Timeout", $"Too large resource version: {asked}, current: {list.Revision}") { RetryAfterSeconds = 1 });
        if (request.VersionMatch != "Exact" || asked == list.Revision) return list;
        lock (gate)
        {
            if (held.TryGetValue(IdOf(request.Selection, asked), out var kept)) return kept.List;
        }

        throw StatusException.Expired("The resourceVersion for the provided list is too old.");
    }

    // A part of a list that is no longer held can be had from the newest one: the client is told how, and decides.
    async Task<(ObjectList List, string After)> ResumeAsync(ListRequest request, CancellationToken cancellationToken)
    {
        if (request.ResourceVersion is not ("" or "0")) throw StatusException.BadRequest("specifying resource version is not allowed when using continue");
        (long revision, string after) = Read(request.Continue);
        if (revision < 0) return (await objects.ListAsync(request.Selection.Kind, request.Selection.Namespace, cancellationToken), after);
        lock (gate)
        {
            if (held.TryGetValue(IdOf(request.Selection, revision), out var kept)) return (kept.List, after);
        }

        throw new StatusException(new(
            410, "Expired",
            "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the "
            + "continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were "
            + "created, modified, or deleted between the time the first chunk was returned and now may show up in the list.") { Continue = Token(-1, after) });
    }

    void Hold(Selection selection, ObjectList list)
    {
        lock (gate)
        {
            long now = time.GetTimestamp();
            held.TryAdd(IdOf(selection, list.Revision), (list, now));
            foreach (var old in held.Where(one => time.GetElapsedTime(one.Value.Since, now) > s_heldFor).ToArray()) held.Remove(old.Key);
            while (held.Count > MostHeld) held.Remove(held.MinBy(static one => one.Value.Since).Key);
        }
    }

    static (string Kind, string? Namespace, long Revision) IdOf(Selection selection, long revision) => (selection.Kind.KeyPrefix, selection.Namespace, revision);

    static string KeyOf(StoredObject item) => item.Kind.KeyOf(item.Name);

    static int FirstAfter(ObjectList list, string after)
    {
        if (after.Length == 0) return 0;
        int low = 0, high = list.Items.Count;
        byte[] bound = Encoding.UTF8.GetBytes(after);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Encoding.UTF8.GetBytes(KeyOf(list.Items[middle])).AsSpan().SequenceCompareTo(bound) <= 0) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    static long VersionOf(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long version)
        ? version
        : throw StatusException.BadRequest($"Invalid value: \"{text}\": resourceVersion has to be a whole number");

    static string Token(long revision, string after) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{revision} {after}")));

    static (long Revision, string After) Read(string token)
    {
        try
        {
            string text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token));
            int space = text.IndexOf(' ', StringComparison.Ordinal);
            if (space > 0 && long.TryParse(text[..space], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long revision)) return (revision, text[(space + 1)..]);
        }
        catch (FormatException)
        {
            // Said below.
        }

        throw StatusException.BadRequest("continue key is not valid");
    }
}
