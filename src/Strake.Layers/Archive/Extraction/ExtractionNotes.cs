namespace Strake.Layers.Archive.Extraction;

/// <summary>What was left out without harm. Bounded: an archive cannot fill a log with it.</summary>
sealed class ExtractionNotes
{
    const int Most = 100;

    readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines => _lines;

    public void Add(string line)
    {
        if (_lines.Count < Most) _lines.Add(line);
        else if (_lines.Count == Most) _lines.Add("and more of the kind");
    }
}
