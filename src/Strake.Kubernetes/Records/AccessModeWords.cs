using System.Numerics;
using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>Access modes as documents and messages write them, in the order in which Kubernetes prints them.</summary>
public static class AccessModeWords
{
    static readonly (AccessModes Mode, string Word, string Short)[] s_words =
    [
        (AccessModes.ReadWriteOnce, "ReadWriteOnce", "RWO"),
        (AccessModes.ReadOnlyMany, "ReadOnlyMany", "ROX"),
        (AccessModes.ReadWriteMany, "ReadWriteMany", "RWX"),
        (AccessModes.ReadWriteOncePod, "ReadWriteOncePod", "RWOP"),
    ];

    /// <summary>The short form: <c>RWO,ROX</c>.</summary>
    /// <param name="modes">The modes.</param>
    public static string Short(this AccessModes modes) => string.Join(',', s_words.Where(word => modes.HasFlag(word.Mode)).Select(static word => word.Short));

    /// <summary>The words of a document's list.</summary>
    /// <param name="modes">The modes.</param>
    public static IEnumerable<string> Words(this AccessModes modes) => s_words.Where(word => modes.HasFlag(word.Mode)).Select(static word => word.Word);

    /// <summary>Whether one set has all of another.</summary>
    /// <param name="modes">What is offered.</param>
    /// <param name="wanted">What is asked for.</param>
    public static bool Include(this AccessModes modes, AccessModes wanted) => (modes & wanted) == wanted;

    /// <summary>How many there are.</summary>
    /// <param name="modes">The modes.</param>
    public static int Count(this AccessModes modes) => BitOperations.PopCount((uint)modes);

    /// <summary>The mode of a word, none for an unknown one.</summary>
    /// <param name="word">The long word.</param>
    public static AccessModes Parse(string word) => Array.Find(s_words, entry => entry.Word == word).Mode;

    internal static AccessModes Read(JsonElement element) => element.Texts("accessModes").Aggregate(AccessModes.None, static (modes, word) => modes | Parse(word));
}
