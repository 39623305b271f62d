namespace Strake.Images.Tests;

/// <summary>The rules of docker rmi as a table: names, containers, children, force; what goes, or the refusal.</summary>
public class RemovalDecisionsTests
{
    const string Digest1 = "@sha256:e6693c20186f837fc393390135d8a598a96a833917917789d63766cab6c59582";

    static readonly ImageId s_image = new(Digest.Of([1]));
    static readonly ImageId s_parent = new(Digest.Of([2]));
    static readonly ImageId s_child = new(Digest.Of([3]));

    [Theory]

    // name of the request | names of the image | container | force | child | expected: names untagged, "delete", "parent", or a message
    [InlineData("a", "a:latest", "", false, false, "a:latest delete parent")]
    [InlineData("a:latest", "a:latest", "", false, false, "a:latest delete parent")]
    [InlineData("a", "a:latest b:1", "", false, false, "a:latest")]
    [InlineData("a", "a:latest a:1", "", false, false, "a:latest")]
    [InlineData("a", "a:latest b:1", "running", false, false, "a:latest")]
    [InlineData("a", "a:latest", "", false, true, "a:latest")]
    [InlineData("a", "a:latest", "stopped", false, false, "unable to remove repository reference \"a\" (must force) - container cccccccccccc is using its referenced image IMAGE")]
    [InlineData("a", "a:latest", "running", false, false, "unable to remove repository reference \"a\" (must force) - container cccccccccccc is using its referenced image IMAGE")]
    [InlineData("a", "a:latest", "stopped", true, false, "a:latest delete")]
    [InlineData("a", "a:latest", "running", true, false, "a:latest")]
    [InlineData("a", "a:latest", "", true, true, "a:latest")]
    [InlineData("a", "a:latest a" + Digest1, "", false, false, "a:latest a" + Digest1 + " delete parent")]
    [InlineData("a", "a:latest a:1 a" + Digest1, "", false, false, "a:latest")]
    [InlineData("a" + Digest1, "a:latest a" + Digest1, "", false, false, "a" + Digest1)]
    [InlineData("a", "a:latest a" + Digest1, "stopped", false, false, "unable to remove repository reference")]
    [InlineData("a", "a:latest b" + Digest1, "", false, false, "a:latest")]
    [InlineData("ID", "a:latest", "", false, false, "a:latest delete parent")]
    [InlineData("SHORT", "a:latest", "", false, false, "a:latest delete parent")]
    [InlineData("ID", "", "", false, false, "delete parent")]
    [InlineData("ID", "a:latest a" + Digest1, "", false, false, "a:latest a" + Digest1 + " delete parent")]
    [InlineData("ID", "a:latest b:1", "", false, false, "unable to delete IMAGE (must be forced) - image is referenced in multiple repositories")]
    [InlineData("ID", "a:latest a:1", "", false, false, "(must be forced) - image is referenced in multiple repositories")]
    [InlineData("ID", "a:latest b:1", "", true, false, "a:latest b:1 delete parent")]
    [InlineData("ID", "a:latest", "stopped", false, false, "(must be forced) - image is being used by stopped container cccccccccccc")]
    [InlineData("ID", "a:latest", "stopped", true, false, "a:latest delete")]
    [InlineData("ID", "", "stopped", false, false, "(must be forced) - image is being used by stopped container cccccccccccc")]
    [InlineData("ID", "a:latest", "running", false, false, "(cannot be forced) - image is being used by running container cccccccccccc")]
    [InlineData("ID", "a:latest", "running", true, false, "(cannot be forced) - image is being used by running container cccccccccccc")]
    [InlineData("ID", "a:latest", "", false, true, "(cannot be forced) - image has dependent child images")]
    [InlineData("ID", "a:latest", "", true, true, "(cannot be forced) - image has dependent child images")]
    public void Removal(string request, string names, string container, bool force, bool hasChild, string expected)
    {
        var view = View(names, container, hasChild, parentNames: "");
        var image = view.Catalog.Find(s_image)!;
        var name = request switch { "ID" => s_image.ToString(), "SHORT" => s_image.Short, _ => request };

        var decision = RemovalDecisions.Decide(view, new(name, image, new ImageRemovalOptions(force)));
        Check(expected.Replace("IMAGE", s_image.Short, StringComparison.Ordinal), decision);
    }

    [Theory]
    [InlineData("", "", "delete parent")]
    [InlineData("p:1", "", "delete")]
    [InlineData("", "stopped", "delete")]
    public void Parents_go_when_nothing_needs_them(string parentNames, string parentContainer, string expected)
    {
        var view = View("", "", hasChild: false, parentNames, parentContainer);
        Check(expected, RemovalDecisions.Decide(view, new(s_image.ToString(), view.Catalog.Find(s_image)!, new ImageRemovalOptions())));
    }

    [Fact]
    public void Parents_stay_when_asked_to()
    {
        var view = View("a:latest", "", hasChild: false, parentNames: "");
        Check("a:latest delete", RemovalDecisions.Decide(
            view, new("a", view.Catalog.Find(s_image)!, new ImageRemovalOptions(PruneParents: false))));
    }

    [Theory]
    [InlineData("a:latest b:1", "", false, "a:latest b:1 delete parent")]
    [InlineData("a:latest", "stopped", false, "")]
    [InlineData("a:latest", "running", false, "")]
    [InlineData("a:latest", "", true, "a:latest")]
    [InlineData("", "", true, "")]
    public void A_prune_never_refuses_and_never_takes_what_is_used(string names, string container, bool hasChild, string expected)
    {
        var view = View(names, container, hasChild, parentNames: "");
        Check(expected, RemovalDecisions.DecidePrune(view, view.Catalog.Find(s_image)!));
    }

    [Fact]
    public void Records_that_name_each_other_as_parents_do_not_hang()
    {
        var catalog = new ImageCatalog(
            [Entry(s_image, new ImageRecord { Parent = s_parent }), Entry(s_parent, new ImageRecord { Parent = s_image })], [], new UnreadableImages());
        var view = new RemovalView(catalog, Array.Empty<(ImageId, ImageUser)>().ToLookup(u => u.Item1, u => u.Item2));
        Assert.IsType<RemovalDecision.Refuse>(
            RemovalDecisions.Decide(view, new(s_image.ToString(), catalog.Find(s_image)!, new ImageRemovalOptions(Force: true))));
        Assert.Equal(2, catalog.WithAncestors(s_image).Count());
    }

    static RemovalView View(string names, string container, bool hasChild, string parentNames, string parentContainer = "")
    {
        (ImageId, Versioned<ImageRecord>)[] images =
        [
            Entry(s_image, new ImageRecord { Parent = s_parent }),
            Entry(s_parent, new ImageRecord()),
            .. hasChild ? new[] { Entry(s_child, new ImageRecord { Parent = s_image }) } : [],
        ];
        var users = new List<(ImageId, ImageUser)>();
        if (container.Length > 0) users.Add((s_image, new ImageUser(new string('c', 64), container == "running")));
        if (parentContainer.Length > 0) users.Add((s_parent, new ImageUser(new string('d', 64), parentContainer == "running")));

        // A forced removal of a used image stops at its parent only if that is used, too.
        if (container == "stopped") users.Add((s_parent, new ImageUser(new string('d', 64), false)));
        return new RemovalView(
            new ImageCatalog(images, [.. Names(names, s_image), .. Names(parentNames, s_parent)], new UnreadableImages()), users.ToLookup(u => u.Item1, u => u.Item2));
    }

    static (ImageId Id, Versioned<ImageRecord> Record) Entry(ImageId id, ImageRecord record) => (id, new(id.Digest.Hex, record, 1));

    static IEnumerable<KeyValuePair<ImageReference, ImageId>> Names(string names, ImageId id) =>
        names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => KeyValuePair.Create(ImageReference.Parse(n), id));

    static void Check(string expected, RemovalDecision decision)
    {
        if (decision is RemovalDecision.Refuse refuse)
        {
            Assert.StartsWith("conflict: ", refuse.Message, StringComparison.Ordinal);
            Assert.Contains(expected, refuse.Message, StringComparison.Ordinal);
            return;
        }

        var steps = Assert.IsType<RemovalDecision.Remove>(decision).Steps.Select(s => s switch
        {
            RemovalStep.Untag untag => untag.Name.Familiar,
            _ when s.Image.Id == s_image => "delete",
            _ => "parent",
        });
        Assert.Equal(expected, string.Join(' ', steps));
    }
}
