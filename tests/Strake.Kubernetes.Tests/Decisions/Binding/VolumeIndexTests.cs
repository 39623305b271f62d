using Strake.Kubernetes.Decisions.Binding;
using Strake.Kubernetes.Records;
using Quantity = Strake.Kubernetes.Objects.Quantity;

namespace Strake.Kubernetes.Tests.Decisions.Binding;

public sealed class VolumeIndexTests
{
    [Fact]
    public void The_best_has_the_fewest_modes_too_many_then_the_least_size_then_the_first_name()
    {
        VolumeIndex index = IndexOf(
            Given.Volume("many", "1Gi") with { AccessModes = AccessModes.ReadWriteOnce | AccessModes.ReadOnlyMany },
            Given.Volume("large", "9Gi"),
            Given.Volume("b", "2Gi"),
            Given.Volume("a", "2Gi"),
            Given.Volume("small", "1Mi"));
        Assert.Equal(["a", "b", "large", "many"], TakenInTurn(index, Given.Claim()));
    }

    [Fact]
    public void A_selector_and_a_node_turn_volumes_away()
    {
        VolumeIndex index = IndexOf(
            Given.Volume("elsewhere") with { NodeAffinity = Given.OnNode("other") },
            Given.Volume("here") with { NodeAffinity = Given.OnNode("node") },
            Given.Volume("labelled", "5Gi") with { Metadata = Given.Meta("labelled", "") with { Labels = TextMap.Of(("disk", "ssd")) } });
        Assert.Equal("here", index.Best(new VolumeSearch(Given.Claim()) { Node = Given.Node() })?.Name);
        Claim selects = Given.Claim() with { Selector = new LabelSelector([new SelectorRequirement("disk", SelectorOperator.Exists, [])]) };
        Assert.Equal("labelled", index.Best(new VolumeSearch(selects))?.Name);
    }

    [Fact]
    public void A_reserved_volume_that_the_node_cannot_reach_is_not_replaced_by_another()
    {
        VolumeIndex index = IndexOf(
            Given.Volume("free"),
            Given.Volume("own") with { ClaimReference = new ClaimReference("default", "claim"), NodeAffinity = Given.OnNode("other") });
        Assert.Equal("own", index.Best(new VolumeSearch(Given.Claim()))?.Name);
        Assert.Null(index.Best(new VolumeSearch(Given.Claim()) { Node = Given.Node() }));
    }

    [Fact]
    public void Candidates_tell_what_speaks_against_each()
    {
        VolumeIndex index = IndexOf(
            Given.Volume("a-small", "500Mi"),
            Given.Volume("b-class") with { ClassName = "gold" },
            Given.Volume("c-taken").BoundTo(Given.Claim("other")),
            Given.Volume("d-device") with { VolumeMode = VolumeMode.Block },
            Given.Volume("e-modes") with { AccessModes = AccessModes.ReadOnlyMany },
            Given.Volume("f-new") with { Phase = VolumePhase.Pending },
            Given.Volume("g-fits"));
        Assert.Equal(
            [
                ("a-small", "it has 500Mi, the claim requests 1Gi"),
                ("d-device", "its volumeMode is Block, the claim's is Filesystem"),
                ("e-modes", "its access modes are ROX, the claim needs RWO"),
                ("f-new", "its phase is Pending"),
                ("g-fits", null),
                ("b-class", "its class is \"gold\", the claim's is \"\""),
                ("c-taken", "already bound to claim default/other"),
            ],
            index.Candidates(Given.Claim()).Select(static candidate => (candidate.Volume.Name, candidate.ReasonAgainst)));
    }

    [Fact]
    public void The_index_finds_what_a_look_at_each_volume_finds()
    {
        var random = new Random(11);
        for (int round = 0; round < 200; round++)
        {
            var index = new VolumeIndex();
            for (int change = 0; change < 60; change++)
            {
                index.Put(RandomVolume(random));
                if (random.Next(4) == 0) index.Remove($"v{random.Next(40)}");
            }

            for (int search = 0; search < 30; search++)
            {
                Claim claim = RandomClaim(random);
                NodeView? node = random.Next(2) == 0 ? null : Given.Node();
                Assert.Equal(BestByLooking(index, claim, node)?.Name, index.Best(new VolumeSearch(claim) { Node = node })?.Name);
            }
        }
    }

    [Fact]
    public void A_thousand_claims_find_their_volumes_among_ten_thousand_at_once()
    {
        var index = new VolumeIndex();
        for (int number = 0; number < 10_000; number++) index.Put(Given.Volume($"v{number:D5}", $"{1 + number % 50}Gi"));
        for (int number = 0; number < 1_000; number++)
        {
            Claim claim = Given.Claim($"c{number}") with { Request = Given.Size($"{1 + number % 40}Gi") };
            PersistentVolume best = index.Best(new VolumeSearch(claim))!;
            Assert.Equal(claim.Request, best.Capacity);
            index.Put(best.BoundTo(claim));
        }
    }

    static IEnumerable<string> TakenInTurn(VolumeIndex index, Claim claim)
    {
        while (index.Best(new VolumeSearch(claim)) is { } best)
        {
            yield return best.Name;
            index.Remove(best.Name);
        }
    }

    static PersistentVolume? BestByLooking(VolumeIndex index, Claim claim, NodeView? node)
    {
        PersistentVolume? own = index.All.Where(volume => volume.IsFor(claim) && VolumeMatch.SuitsOwner(claim, volume)).MinBy(static volume => volume.Name, StringComparer.Ordinal);
        if (own is not null) return VolumeMatch.ReasonAgainst(claim, own, node) is null ? own : null;
        return index.All.Where(volume => volume.ClaimReference is null && VolumeMatch.ReasonAgainst(claim, volume, node) is null)
            .OrderBy(static volume => volume.AccessModes.Count()).ThenBy(static volume => volume.AccessModes).ThenBy(static volume => volume.Capacity)
            .ThenBy(static volume => volume.Name, StringComparer.Ordinal).FirstOrDefault();
    }

    static VolumeIndex IndexOf(params PersistentVolume[] volumes)
    {
        var index = new VolumeIndex();
        foreach (PersistentVolume volume in volumes) index.Put(volume);
        return index;
    }

    static PersistentVolume RandomVolume(Random random) => Given.Volume($"v{random.Next(40)}") with
    {
        Capacity = Quantity.Of(random.Next(1, 6)),
        AccessModes = (AccessModes)random.Next(1, 16),
        VolumeMode = (VolumeMode)random.Next(2),
        ClassName = random.Next(2) == 0 ? "" : "gold",
        Phase = (VolumePhase)random.Next(3),
        NodeAffinity = random.Next(3) switch { 0 => Given.OnNode("node"), 1 => Given.OnNode("other"), _ => null },
        ClaimReference = random.Next(4) == 0 ? new ClaimReference("default", $"c{random.Next(3)}", random.Next(2) == 0 ? "" : $"uid-c{random.Next(3)}") : null,
    };

    static Claim RandomClaim(Random random) => Given.Claim($"c{random.Next(3)}") with
    {
        Request = Quantity.Of(random.Next(1, 6)),
        AccessModes = (AccessModes)random.Next(1, 16),
        VolumeMode = (VolumeMode)random.Next(2),
        ClassName = random.Next(3) switch { 0 => null, 1 => "", _ => "gold" },
    };
}
